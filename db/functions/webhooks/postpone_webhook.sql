-- A delivery that did not leave, for a reason of ours: keys that cannot be read, a resolver that does not answer. It is no
-- attempt and says nothing about the receiver; the endpoint waits half a minute, so that an outage of ours is not asked about
-- for every delivery that waits. Locks: endpoint, then delivery. WHK-02.

set role app_engine;

create or replace function app_private.postpone_webhook(webhook_event_id uuid, claim uuid, problem text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
begin
  update app_private.webhook_endpoints as endpoints
  set slowed_until = greatest(endpoints.slowed_until, v_now + interval '30 seconds' * (0.8 + 0.4 * random()))
  from app_public.webhook_events as events
  where events.id = postpone_webhook.webhook_event_id and events.claim = postpone_webhook.claim
    and endpoints.subscription_id = events.subscription_id;
  update app_public.webhook_events as events
  set claim = null,
      problem = postpone_webhook.problem,
      next_attempt_at = case when events.status = 'pending' then v_now end
  where events.id = postpone_webhook.webhook_event_id and events.claim = postpone_webhook.claim;
  return found;
end;
$$;

comment on function app_private.postpone_webhook is
  'Gives a claim back, of what did not leave for a reason of ours; no attempt is counted. False: the claim is another''s.';
grant execute on function app_private.postpone_webhook to app_worker;

reset role;
