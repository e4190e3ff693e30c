-- What staff may know of a specialist beyond the listing; patients and guests are refused. SPC-02, SPC-05, SPC-06.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: policies/catalog/specialists.sql

set role app_engine;

create or replace function app_public.specialists_details(specialist app_public.specialists)
returns app_public.specialist_details
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_details app_public.specialist_details;
begin
  perform app_private.require_permission(specialist.organization_id, 'specialists.view_org');
  select specialists.human_id, specialists.registration_number, specialists.contact_email, specialists.contact_phone,
         specialists.scheduling_timezone
  into v_details
  from app_public.specialists
  where specialists.organization_id = specialist.organization_id and specialists.id = specialist.id;
  return v_details;
end;
$$;

comment on function app_public.specialists_details(app_public.specialists) is
  'Account, contact and zone: for staff with specialists.view_org. Others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.specialists_details(app_public.specialists) to app_member;

reset role;
