-- Time becomes free again, and whoever watches is told, once. A step of verbs that have locked the days. SCH-06.

create or replace function app_private.let_go(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_released int;
begin
  with released as (
    update app_private.time_claims as tc
    set released_at = app_hidden.now()
    where tc.id = any (claim_ids) and tc.released_at is null
    returning tc.*
  )
  select count(app_private.publish_released(released))
  into v_released
  from released;
  return v_released;
end;
$$;

comment on function app_private.let_go is
  'Releases claims whose days the caller has locked, and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.let_go to app_engine;
