-- What came of many attempts, all at once. Answers which of them it recorded. The others are recorded one by one
-- (record_webhook_attempt): whose subscription is to be disabled, and whose delivery or endpoint somebody holds just now. It waits for
-- nobody, so that it can hold many rows. Locks: endpoints, then deliveries. WHK-02.

set role app_engine;

create or replace function app_private.record_webhook_deliveries(deliveries jsonb) returns setof uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_endpoints uuid[];
  v_ids uuid[];
begin
  -- Of whom something is said: a failure, or a success where it failed or was slow before.
  v_endpoints := array(
    select endpoints.subscription_id
    from (
      select events.subscription_id, bool_or(told.problem is not null) as has_failed
      from jsonb_to_recordset(deliveries) as told (id uuid, claim uuid, problem text)
      join app_public.webhook_events as events on events.id = told.id and events.claim = told.claim
      group by events.subscription_id
    ) as said
    join app_private.webhook_endpoints as endpoints on endpoints.subscription_id = said.subscription_id
    where said.has_failed or endpoints.failing_since is not null or endpoints.slow_steps > 0
    order by endpoints.subscription_id
    for update of endpoints skip locked);
  v_ids := array(
    select events.id
    from jsonb_to_recordset(deliveries) as told (id uuid, claim uuid, status int, problem text)
    join app_public.webhook_events as events on events.id = told.id and events.claim = told.claim
    join app_private.webhook_endpoints as endpoints on endpoints.subscription_id = events.subscription_id
    where events.status = 'pending'
      and case
        when endpoints.subscription_id = any (v_endpoints)
          then app_private.webhook_end(endpoints, told.status, told.problem, v_now) is null
        else told.problem is null and endpoints.failing_since is null and endpoints.slow_steps = 0 end
    for update of events skip locked);
  return query select app_private.write_webhook_attempts(deliveries, v_ids, v_endpoints);
end;
$$;

comment on function app_private.record_webhook_deliveries is
  'Records attempts, given as {id, claim, status, problem, answer, duration, retryAfter}, as far as their claims hold, nobody is to be '
  'disabled and nobody holds their rows; answers with the ids of these.';
grant execute on function app_private.record_webhook_deliveries to app_worker;

reset role;
