-- A calendar goes once nobody is booked in it any more. FND-10, SCH-02.

set role app_engine;

create or replace function app_public.remove_calendar(calendar_id uuid) returns app_public.calendars
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
begin
  -- Bookings lock their calendar for share (require_calendar): those under way are waited for, later ones refused.
  perform app_private.soft_delete('app_public.calendars', calendar_id);
  select calendars.* into strict v_calendar from app_public.calendars where calendars.id = remove_calendar.calendar_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_calendar.organization_id) as booking
    where booking.calendar_id = v_calendar.id));
  return v_calendar;
end;
$$;

comment on function app_public.remove_calendar is
  'Removes a calendar; restoreDeletedRow brings it back. Needs calendars.manage; CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_calendar to app_member;

reset role;
