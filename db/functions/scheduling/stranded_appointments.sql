-- Who is left without a specialist: asked after hours were edited, vacations entered or somebody fell ill. SCH-08.

set role app_engine;

create or replace function app_public.stranded_appointments(specialist_id uuid) returns setof app_public.stranded_appointment
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = stranded_appointments.specialist_id
    and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found');
  end if;
  perform app_private.require_permission(v_specialist.organization_id, 'appointments.view');
  return query select * from app_private.stranded(v_specialist.organization_id, v_specialist.id);
end;
$$;

comment on function app_public.stranded_appointments is
  E'@longestPage 400\n@cost 20\n'
  'Appointments and requests to come of a specialist that the hours, vacations and calendars of now would not allow any more, '
  'earliest first, with the colleagues who are free. For staff with appointments.view.';
grant execute on function app_public.stranded_appointments to app_member;

reset role;
