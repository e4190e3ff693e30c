-- The log of a delivery with one more attempt: the last twenty. WHK-02.

create or replace function app_private.webhook_attempt_log(
  event app_public.webhook_events, response_status int, problem text, duration_ms int
) returns jsonb
language sql immutable
set search_path = ''
return (case when jsonb_array_length(event.attempt_log) < 20 then event.attempt_log else event.attempt_log - 0 end)
  || jsonb_build_object('at', event.last_attempt_at, 'responseStatus', response_status,
       'problem', problem, 'durationMs', duration_ms);

comment on function app_private.webhook_attempt_log is 'The attempts of a delivery and this one, without the oldest beyond twenty.';
grant execute on function app_private.webhook_attempt_log to app_engine;
