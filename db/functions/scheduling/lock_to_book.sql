-- Whoever books locks the calendar and whoever could be chosen, before the days, as who removes them does: so a booking is
-- either counted there or refused here. SCH-06, SPC-06.

create or replace function app_private.lock_to_book(calendar app_public.calendars, specialist_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.require_specialist(calendar.organization_id, chosen.specialist_id)
  from (
    select cs.specialist_id
    from app_public.calendar_specialists as cs
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id and sp.deleted_at is null
    where cs.organization_id = calendar.organization_id and cs.calendar_id = calendar.id
      and (lock_to_book.specialist_id is null or cs.specialist_id = lock_to_book.specialist_id)
    order by cs.specialist_id
  ) as chosen;
  perform app_private.require_calendar(calendar.organization_id, calendar.id);
end;
$$;

comment on function app_private.lock_to_book is
  'Locks a calendar and its specialists, or the one named, until the booking is written; GONE when one was removed.';

grant execute on function app_private.lock_to_book to app_engine;
