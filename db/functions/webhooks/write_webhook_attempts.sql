-- Writes down what came of attempts, in one statement: of the deliveries in ids, and of the endpoints in endpoints, all of which the
-- caller has locked. What the attempts say of an endpoint counts in their order, and the last one decides; a success of a sound
-- endpoint touches the delivery alone, so that endpoint need not be named. WHK-02.
-- A status is written only where it changes: the guard of the state machine looks at each that is.

create or replace function app_private.write_webhook_attempts(attempts jsonb, ids uuid[], endpoints uuid[]) returns setof uuid
language sql volatile
set search_path = ''
as $$
  with attempt as materialized (
    select told.place, told.response_status, told.problem, told.answer, told.duration, told.problem is null as is_taken,
      coalesce(told.response_status in (429, 502, 504), false) as is_slow,
      make_interval(secs => coalesce(told.retry_after, 0)) as asked_for,
      app_hidden.now() as at, events.id, events.subscription_id, events.status, app_private.webhook_pause(events.step + 1) as pause
    from rows from (jsonb_to_recordset(attempts) as (
      id uuid, claim uuid, status int, problem text, answer text, duration int, "retryAfter" int
    )) with ordinality as told (id, claim, response_status, problem, answer, duration, retry_after, place)
    join app_public.webhook_events as events on events.id = told.id and events.claim = told.claim
    where told.id = any (ids)
  ), outcome as materialized (
    select attempt.*, case
      when attempt.is_taken then 'delivered'
      when attempt.status <> 'pending' then attempt.status -- it was cancelled as it was sent
      when attempt.response_status = 410 or attempt.pause is null then 'failed'
      else 'pending' end as status_then
    from attempt
  ), healed as (
    select attempt.subscription_id, max(attempt.place) filter (where attempt.is_taken) as place
    from attempt
    group by attempt.subscription_id
  ), said as (
    select attempt.subscription_id, attempt.at, healed.place is not null as was_healed,
      count(*) filter (where attempt.place > coalesce(healed.place, 0)) as failures,
      count(*) filter (where attempt.is_slow and attempt.place > coalesce(healed.place, 0)) as slow,
      max(attempt.asked_for) filter (where attempt.is_slow) as asked_for
    from attempt
    join healed on healed.subscription_id = attempt.subscription_id
    group by attempt.subscription_id, attempt.at, healed.place
  ), known as (
    update app_private.webhook_endpoints as endpoint
    set failing_since = case
          when said.failures = 0 then null
          when said.was_healed then said.at
          else coalesce(endpoint.failing_since, said.at) end,
        unbroken_since = case
          when said.failures = 0 then null
          when not said.was_healed and endpoint.failed_at >= said.at - app_private.webhook_silence() then endpoint.unbroken_since
          else said.at end,
        failed_at = case when said.failures > 0 then said.at end,
        slow_steps = least(case when said.was_healed then 0 else endpoint.slow_steps end + said.slow, 7),
        slowed_until = case
          when said.asked_for is null then endpoint.slowed_until
          else said.at + greatest(said.asked_for, least(interval '10 minutes', interval '5 seconds'
            * 2 ^ least(case when said.was_healed then 0 else endpoint.slow_steps end + greatest(said.slow - 1, 0), 7))) end
    from said
    where endpoint.subscription_id = said.subscription_id and endpoint.subscription_id = any (endpoints)
  ), waits as (
    update app_public.webhook_events as events
    set claim = null, attempts = events.attempts + 1, step = events.step + 1,
        next_attempt_at = case when outcome.status = 'pending' then outcome.at + greatest(outcome.pause, outcome.asked_for) end,
        response_status = outcome.response_status, problem = outcome.problem, response_body = outcome.answer,
        duration_ms = outcome.duration,
        attempt_log = app_private.webhook_attempt_log(events, outcome.response_status, outcome.problem, outcome.duration)
    from outcome
    where events.id = outcome.id and outcome.status_then = outcome.status
    returning events.id
  ), ends as (
    update app_public.webhook_events as events
    set claim = null, attempts = events.attempts + 1, step = events.step + 1,
        status = outcome.status_then, next_attempt_at = null,
        response_status = outcome.response_status, problem = outcome.problem, response_body = outcome.answer,
        duration_ms = outcome.duration,
        attempt_log = app_private.webhook_attempt_log(events, outcome.response_status, outcome.problem, outcome.duration)
    from outcome
    where events.id = outcome.id and outcome.status_then <> outcome.status
    returning events.id
  )
  select waits.id from waits union all select ends.id from ends;
$$;

comment on function app_private.write_webhook_attempts is
  'Records attempts of locked deliveries, given as {id, claim, status, problem, answer, duration, retryAfter}, and what they say of '
  'locked endpoints; answers with the ids of the deliveries.';
grant execute on function app_private.write_webhook_attempts to app_engine;
