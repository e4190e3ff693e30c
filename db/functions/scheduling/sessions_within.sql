-- The group sessions of a calendar that start in a window, and how many seats each has left. SCH-02.

create or replace function app_private.sessions_within(
  organization_id uuid, calendar_id uuid, "from" timestamptz, "to" timestamptz, own_claim_id uuid
) returns table (specialist_id uuid, during tstzrange, seats_left int)
language sql stable
begin atomic
  select tc.specialist_id, tc.during,
    tc.capacity - app_private.seats_taken(tc.organization_id, tc.id, sessions_within.own_claim_id)
  from app_public.calendar_specialists as cs
  join app_private.time_claims as tc
    on tc.specialist_id = cs.specialist_id
   and tc.blocked && tstzrange(sessions_within."from", sessions_within."to")
   and tc.released_at is null and tc.session_id is null
   and tc.kind = 'session' and tc.calendar_id = cs.calendar_id
   and (tc.expires_at is null or tc.expires_at > app_hidden.now())
  where cs.organization_id = sessions_within.organization_id and cs.calendar_id = sessions_within.calendar_id;
end;

comment on function app_private.sessions_within is 'Sessions of a calendar in a window of time, with the seats that are left.';

grant execute on function app_private.sessions_within to app_engine;
