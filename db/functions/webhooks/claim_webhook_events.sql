-- What is to be sent now, with an end to the claim: what its worker did not live to record is due again by itself. WHK-02.
-- Each endpoint gets a few at once, one that fails gets one, and those that fail get together what most_failing leaves
-- them, so that none of them is in the way of another's. They have their turns one after the other, whatever waits for each: the
-- caller says who had the last one. Endpoints are locked before their deliveries; one that somebody else has locked is left out
-- this time.

set role app_engine;

create or replace function app_private.claim_webhook_events(
  most int,
  most_failing int,
  after uuid default '00000000-0000-0000-0000-000000000000',
  after_failing uuid default '00000000-0000-0000-0000-000000000000'
) returns table (
  id uuid, organization_id uuid, subscription_id uuid, claim uuid, url text, body text, is_failing boolean, secrets jsonb)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_endpoints uuid[] :=
    app_private.due_webhook_endpoints(false, after, most)
    || app_private.due_webhook_endpoints(true, after_failing, least(most, most_failing));
begin
  v_endpoints := array(
    select endpoints.subscription_id
    from app_private.webhook_endpoints as endpoints
    where endpoints.subscription_id = any (v_endpoints)
      and (endpoints.slowed_until is null or endpoints.slowed_until <= v_now)
    order by endpoints.subscription_id
    for update skip locked);

  return query
  with due as (
    select candidate.id, endpoints.subscription_id, endpoints.failing_since is not null as is_failing,
      row_number() over (partition by endpoints.subscription_id order by candidate.next_attempt_at, candidate.id) as place
    from app_private.webhook_endpoints as endpoints
    cross join lateral (
      select count(*) as sent_now
      from app_public.webhook_events as sending
      where sending.subscription_id = endpoints.subscription_id
        and sending.claim is not null and sending.status = 'pending' and sending.next_attempt_at > v_now
    ) as busy
    cross join lateral (
      select waiting.id, waiting.next_attempt_at
      from app_public.webhook_events as waiting
      where waiting.subscription_id = endpoints.subscription_id
        and waiting.status = 'pending' and waiting.next_attempt_at <= v_now
      order by waiting.next_attempt_at, waiting.id
      limit greatest(0, app_private.webhooks_at_once(endpoints.failing_since is not null) - busy.sent_now)
    ) as candidate
    where endpoints.subscription_id = any (v_endpoints)
  ), ranked as (
    select due.id, due.is_failing, row_number() over (partition by due.is_failing order by due.place,
      due.subscription_id <= case when due.is_failing then after_failing else after end, due.subscription_id) as turn
    from due
  ), chosen as (
    select ranked.id, ranked.is_failing
    from ranked
    where not ranked.is_failing or ranked.turn <= most_failing
    order by ranked.is_failing, ranked.turn
    limit most
  ), claimed as (
    update app_public.webhook_events as events
    set claim = uuidv7(), next_attempt_at = v_now + interval '1 minute', last_attempt_at = v_now
    from chosen
    where events.id = chosen.id and events.status = 'pending' and events.next_attempt_at <= v_now
    returning events.id, events.organization_id, events.subscription_id, events.claim, events.body, chosen.is_failing
  )
  select claimed.id, claimed.organization_id, claimed.subscription_id, claimed.claim, subscriptions.url, claimed.body,
    claimed.is_failing,
    (select jsonb_agg(
       jsonb_build_object('id', webhook_secrets.id, 'envelope', encode(webhook_secrets.secret, 'base64'))
       order by webhook_secrets.good_until desc nulls first)
     from app_private.webhook_secrets
     where webhook_secrets.organization_id = claimed.organization_id
       and webhook_secrets.subscription_id = claimed.subscription_id
       and (webhook_secrets.good_until is null or webhook_secrets.good_until > v_now))
  from claimed
  join app_public.webhook_subscriptions as subscriptions on subscriptions.id = claimed.subscription_id;
end;
$$;

comment on function app_private.claim_webhook_events is
  'Claims deliveries that are due for a minute: at most four of an endpoint at once, one of an endpoint that fails; endpoints have '
  'their turns beyond those named, and then from the first on.';
grant execute on function app_private.claim_webhook_events to app_worker;

reset role;
