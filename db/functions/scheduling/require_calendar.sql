-- A booking is in a calendar that still exists when it is written. The lock makes remove_calendar wait for it, so that
-- every booking is either counted there or refused here; a service that goes takes its calendars along. FND-10, SCH-02.

create or replace function app_private.require_calendar(organization_id uuid, calendar_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.calendars
  where calendars.organization_id = require_calendar.organization_id
    and calendars.id = require_calendar.calendar_id
    and calendars.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('GONE', 'calendar_gone');
  end if;
end;
$$;

comment on function app_private.require_calendar is
  'Locks a calendar that is not removed; GONE calendar_gone otherwise.';
grant execute on function app_private.require_calendar to app_engine;
