-- The group session that a booking at this start would join. SCH-02.

create or replace function app_private.session_at(calendar_id uuid, free app_private.free_start) returns uuid
language sql stable
set search_path = ''
begin atomic
  select tc.id
  from app_private.time_claims as tc
  join app_public.calendars as c on c.organization_id = tc.organization_id and c.id = tc.calendar_id and c.capacity > 1
  where tc.specialist_id = (session_at.free).specialist_id
    and tc.blocked && tstzrange((session_at.free).starts_at, (session_at.free).ends_at)
    and tc.released_at is null and tc.session_id is null
    and tc.kind = 'session'
    and tc.calendar_id = session_at.calendar_id
    and tc.during = tstzrange((session_at.free).starts_at, (session_at.free).ends_at)
    and (tc.expires_at is null or tc.expires_at > app_hidden.now());
end;

comment on function app_private.session_at is 'The session of this calendar, specialist and start, whether or not it is full; null when there is none.';

grant execute on function app_private.session_at to app_engine;
