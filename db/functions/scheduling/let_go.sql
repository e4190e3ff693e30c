-- Time becomes free again, and whoever watches is told, once. A step of verbs that have locked the days. SCH-06.
-- Rooms and equipment go with it; a session goes with its last seat. SCH-02, SCH-11.

create or replace function app_private.let_go(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_released int;
  v_session_ids uuid[];
begin
  with released as (
    update app_private.time_claims as tc
    set released_at = app_hidden.now()
    where tc.id = any (claim_ids) and tc.released_at is null
    returning tc.*
  )
  select count(app_private.publish_released(released)), array_agg(released.session_id) filter (where released.session_id is not null)
  into v_released, v_session_ids
  from released;
  if v_released > 0 then
    delete from app_private.resource_claims as rc where rc.claim_id = any (claim_ids);
  end if;
  if v_session_ids is not null then
    perform app_private.settle_sessions(v_session_ids);
  end if;
  return v_released;
end;
$$;

comment on function app_private.let_go is
  'Releases claims whose days the caller has locked, and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.let_go to app_engine;
