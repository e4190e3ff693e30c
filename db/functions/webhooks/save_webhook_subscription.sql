-- Adds or changes a subscription. The secret of a new one arrives sealed. WHK-01.
-- Behind the mutation saveWebhookSubscription, which looks at the host and seals before this is called. What is remembered of a
-- request names the secret's row; the secret itself lies there, sealed, and is opened for whoever repeats the request. FND-26.

set role app_engine;

create or replace function app_hidden.save_webhook_subscription(
  id uuid,
  organization_id uuid,
  name text,
  url text,
  event_names text[],
  secret_id uuid default null,
  secret bytea default null,
  request jsonb default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('save_webhook_subscription', request);
  v_answer constant jsonb := jsonb_build_object('id', id, 'secretId', secret_id);
  v_names text[] := array(select distinct wanted from unnest(event_names) as wanted order by 1);
  v_unknown text;
begin
  if v_remembered is not null then
    perform app_private.require_permission(organization_id, 'webhooks.manage');
    return v_remembered;
  end if;
  if secret is not null then
    perform app_private.require_permission(organization_id, 'webhooks.manage');
    perform app_private.lock_webhooks(organization_id);
  elsif (app_private.locked_webhook_subscription(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select wanted into v_unknown
  from unnest(v_names) as wanted
  where not exists (
    select from app_private.event_subscriptions
    where event_subscriptions.consumer = 'webhooks' and event_subscriptions.event_name = wanted)
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'event_not_offered', jsonb_build_object('field', 'eventNames', 'name', left(v_unknown, 100)));
  end if;

  if secret is null then
    update app_public.webhook_subscriptions as subscriptions
    set name = btrim(save_webhook_subscription.name), url = save_webhook_subscription.url, event_names = v_names
    where subscriptions.id = save_webhook_subscription.id;
    perform app_private.remember('save_webhook_subscription', v_answer);
    return v_answer;
  end if;
  if (select count(*) >= 20 from app_public.webhook_subscriptions as subscriptions
      where subscriptions.organization_id = save_webhook_subscription.organization_id) then
    perform app_hidden.refuse('CONFLICT', 'too_many_subscriptions', jsonb_build_object('most', 20));
  end if;
  insert into app_public.webhook_subscriptions (id, organization_id, name, url, event_names, rotated_at, created_by)
  values (save_webhook_subscription.id, save_webhook_subscription.organization_id, btrim(save_webhook_subscription.name),
    save_webhook_subscription.url, v_names, app_hidden.now(), app_private.current_actor_id());
  insert into app_private.webhook_endpoints (organization_id, subscription_id)
  values (save_webhook_subscription.organization_id, save_webhook_subscription.id);
  insert into app_private.webhook_secrets (id, organization_id, subscription_id, secret)
  values (secret_id, save_webhook_subscription.organization_id, save_webhook_subscription.id, save_webhook_subscription.secret);
  perform app_private.publish('webhook_subscription.added', organization_id, id);
  perform app_private.remember('save_webhook_subscription', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.save_webhook_subscription is
  'Stores a subscription; a new one with the secret that was sealed for secret_id. Answers with their ids, those of the first time where '
  'the request comes again. Needs webhooks.manage.';
grant execute on function app_hidden.save_webhook_subscription to app_member;

reset role;
