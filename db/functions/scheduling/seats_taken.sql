-- How full a group session is: seats of holds that are alive, of requests and of appointments. SCH-02.

create or replace function app_private.seats_taken(organization_id uuid, session_id uuid, own_claim_id uuid) returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int
  from app_private.time_claims as seat
  where seat.organization_id = seats_taken.organization_id
    and seat.session_id = seats_taken.session_id
    and seat.released_at is null
    and (seat.expires_at is null or seat.expires_at > app_hidden.now())
    and seat.id is distinct from seats_taken.own_claim_id;
end;

comment on function app_private.seats_taken is 'Seats of a session that somebody has, apart from the holder who asks.';

grant execute on function app_private.seats_taken to app_engine;
