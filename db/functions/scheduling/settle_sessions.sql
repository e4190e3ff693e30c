-- A group session is there as long as somebody has a seat: it goes with the last one, and expires when all that is left are
-- holds that do. SCH-02. A step of verbs that have locked the days.

create or replace function app_private.settle_sessions(session_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_private.time_claims as session
  set expires_at = seats.expires_at,
      released_at = case when seats.taken = 0 then app_hidden.now() end
  from (
    select s.id, count(seat.id) as taken,
      case when bool_and(seat.expires_at is not null) then max(seat.expires_at) end as expires_at
    from app_private.time_claims as s
    left join app_private.time_claims as seat
      on seat.organization_id = s.organization_id and seat.session_id = s.id and seat.released_at is null
    where s.id = any (settle_sessions.session_ids)
    group by s.id
  ) as seats
  where session.id = seats.id and session.released_at is null;
  delete from app_private.resource_claims as rc
  using app_private.time_claims as session
  where session.id = any (settle_sessions.session_ids) and session.released_at is not null and rc.claim_id = session.id;
end;
$$;

comment on function app_private.settle_sessions is
  'Ends sessions in which no seat is taken, with their rooms, and sets when the others expire.';

grant execute on function app_private.settle_sessions to app_engine;
