-- Whom a patient calls when the clinic's policy says no to them, and on whose clock it was said. APT-03.

create or replace function app_private.clinic_to_call(organization_id uuid) returns jsonb
language sql stable
set search_path = ''
return (
  select jsonb_strip_nulls(jsonb_build_object('timezone', organizations.timezone, 'clinicPhone', organizations.contact_phone))
  from app_public.organizations
  where organizations.id = clinic_to_call.organization_id);

comment on function app_private.clinic_to_call is 'The zone and, where there is one, the number of a clinic, for the details of a refusal.';
grant execute on function app_private.clinic_to_call to app_engine;
