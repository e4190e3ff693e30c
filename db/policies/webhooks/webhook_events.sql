-- Read by whoever may see webhooks. What was queued stays as it is: the engine may not change a body. WHK-02.

select app_private.classify('app_public.webhook_events', home => 'clinic', retention => 'webhook_log', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "event_id", "event_name", "sequence", "status", "step",
                    "attempts", "next_attempt_at", "claim", "last_attempt_at", "response_status", "problem",
                    "duration_ms", "attempt_log", "created_at"],
    "pii_basic": ["response_body"],
    "phi": ["body"]}',
  unaudited => 'Is itself a log of what the worker did; replays are asked for by verbs.');
select app_private.protect('app_public.webhook_events', guard => true, engine =>
  'select, insert, delete, update (status, step, attempts, next_attempt_at, claim, last_attempt_at, response_status, problem, response_body, duration_ms, attempt_log)');
select app_private.retain('app_public.webhook_events', 'webhook_log', 'delete', kept_from => 'created_at');

grant select (id, organization_id, subscription_id, event_name, sequence, body, status, attempts, next_attempt_at,
              last_attempt_at, response_status, problem, response_body, duration_ms, attempt_log, created_at)
   on app_public.webhook_events to app_member;

create policy webhook_events_select_viewer on app_public.webhook_events for select to app_member
  using (organization_id = any ((select app_hidden.rights('webhooks.view'))::uuid[]));
