-- A claim leaves its time for another one: its seat, its rooms, and the session that nobody else is in. SCH-02, SCH-11.
-- A step of verbs that have locked the days and take another time in the same transaction.

create or replace function app_private.leave(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_private.resource_claims as rc where rc.claim_id = claim.id;
  if claim.session_id is not null then
    update app_private.time_claims as tc set released_at = app_hidden.now() where tc.id = claim.id and tc.released_at is null;
    perform app_private.settle_sessions(array[claim.session_id]);
  end if;
end;
$$;

comment on function app_private.leave is
  'Frees the rooms and the seat of a claim, without telling anybody. Call occupy after it.';

grant execute on function app_private.leave to app_engine;
