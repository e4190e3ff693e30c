-- The clinic's policy says no to a patient: what it says, and whom to call. APT-03.

create or replace function app_private.refuse_by_policy(appointment app_public.appointments, reason text, details jsonb)
returns void
language sql stable
set search_path = ''
as $$
  select app_hidden.refuse('STATE', refuse_by_policy.reason, refuse_by_policy.details || jsonb_strip_nulls(jsonb_build_object(
    'timezone', organizations.timezone, 'clinicPhone', organizations.contact_phone)))
  from app_public.organizations
  where organizations.id = (appointment).organization_id;
$$;

comment on function app_private.refuse_by_policy is 'STATE with the reason, and the number of the clinic, which may do it.';
grant execute on function app_private.refuse_by_policy to app_engine;
