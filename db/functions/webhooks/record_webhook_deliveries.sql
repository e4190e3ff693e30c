-- What was taken at once by sound endpoints, in one statement. Answers which of them it recorded; the others, whose endpoint
-- fails, or whom somebody holds just now, are recorded one by one (record_webhook_attempt). It waits for nobody, so that it
-- can hold many rows. WHK-02.

set role app_engine;

create or replace function app_private.record_webhook_deliveries(deliveries jsonb) returns setof uuid
language sql volatile strict security definer
set search_path = ''
as $$
  with taken as (
    select told.id, told.claim, told.status as response_status, told.answer, told.duration
    from jsonb_to_recordset(deliveries) as told (id uuid, claim uuid, status int, answer text, duration int)
  ), held as (
    select events.id
    from app_public.webhook_events as events
    join taken on taken.id = events.id and taken.claim = events.claim
    where events.status = 'pending'
      and exists (
        select from app_private.webhook_endpoints as endpoints
        where endpoints.subscription_id = events.subscription_id and endpoints.failing_since is null and endpoints.slow_steps = 0)
    for update skip locked
  )
  update app_public.webhook_events as events
  set claim = null, status = 'delivered', next_attempt_at = null, step = 0, attempts = events.attempts + 1,
      response_status = taken.response_status, problem = null, response_body = taken.answer, duration_ms = taken.duration,
      attempt_log = app_private.webhook_attempt_log(events, taken.response_status, null, taken.duration)
  from held
  join taken on taken.id = held.id
  where events.id = held.id
  returning events.id;
$$;

comment on function app_private.record_webhook_deliveries is
  'Records deliveries that were taken, as far as their claims hold and their endpoints are sound; answers with the ids of these.';
grant execute on function app_private.record_webhook_deliveries to app_worker;

reset role;
