-- Who decides about a specialist's hours and calendar: schedules.manage, or the specialist with schedules.manage_own. SCH-01,
-- APT-08.

create or replace function app_private.require_own_schedule(specialist_id uuid) returns app_public.specialists
language plpgsql stable
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = require_own_schedule.specialist_id
    and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found');
  end if;
  if not (v_specialist.id = any (app_hidden.current_specialist_ids())
          and app_hidden.has_permission(v_specialist.organization_id, 'schedules.manage_own')) then
    perform app_private.require_permission(v_specialist.organization_id, 'schedules.manage');
  end if;
  return v_specialist;
end;
$$;

comment on function app_private.require_own_schedule is
  'A specialist of the caller''s clinic whose hours the caller may decide about; NOT_FOUND specialist_not_found, or FORBIDDEN.';
grant execute on function app_private.require_own_schedule to app_engine;
