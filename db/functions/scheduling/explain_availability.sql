-- "Why can nobody book me on Tuesday?" answered for the front desk. SCH-05.

set role app_engine;

create or replace function app_public.explain_availability(
  calendar_id uuid,
  specialist_id uuid,
  at timestamptz
) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist app_public.specialists;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  where c.id = explain_availability.calendar_id and c.deleted_at is null
    and app_private.is_staff_of(c.organization_id);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found');
  end if;
  perform app_private.require_start(at, 'at');

  select sp.* into v_specialist
  from app_public.specialists as sp
  where sp.organization_id = v_calendar.organization_id and sp.id = explain_availability.specialist_id
    and sp.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found');
  end if;
  return coalesce(
    app_private.switched_off(v_calendar.organization_id, v_calendar.id, v_specialist.id, false),
    (select v.rules[1] from app_private.verdicts(v_calendar.id, at, v_specialist.id) as v),
    'free');
end;
$$;

comment on function app_public.explain_availability is
  E'@cost 20\n'
  'For staff: "free", or the first rule that keeps this specialist from being booked at that start: calendar_inactive, '
  'service_inactive, specialist_inactive, not_in_calendar, not_providing_service, in_the_past, inside_notice, '
  'beyond_horizon, outside_hours, closed, off_the_grid, taken or no_resource.';

grant execute on function app_public.explain_availability to app_member;

reset role;
