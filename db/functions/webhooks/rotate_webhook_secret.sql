-- A new secret, sealed already; the one before signs, too, for 24 hours, so that receivers need not change at one instant.
-- A request that comes again makes no other: it is answered with the secret of the first time. WHK-01, FND-26.

set role app_engine;

create or replace function app_hidden.rotate_webhook_secret(
  subscription_id uuid, secret_id uuid, secret bytea, request jsonb default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('rotate_webhook_secret', request);
  v_answer constant jsonb := jsonb_build_object('id', subscription_id, 'secretId', secret_id);
  v_subscription app_public.webhook_subscriptions;
begin
  if v_remembered is not null then
    perform app_private.locked_webhook_subscription(subscription_id);
    return v_remembered;
  end if;
  v_subscription := app_private.locked_webhook_subscription(subscription_id);
  delete from app_private.webhook_secrets
  where webhook_secrets.subscription_id = v_subscription.id and webhook_secrets.good_until <= app_hidden.now();
  if (select count(*) >= 5 from app_private.webhook_secrets where webhook_secrets.subscription_id = v_subscription.id) then
    perform app_hidden.refuse('CONFLICT', 'too_many_secrets', jsonb_build_object('most', 5));
  end if;
  update app_private.webhook_secrets
  set good_until = app_hidden.now() + interval '24 hours'
  where webhook_secrets.subscription_id = v_subscription.id and webhook_secrets.good_until is null;
  insert into app_private.webhook_secrets (id, organization_id, subscription_id, secret)
  values (secret_id, v_subscription.organization_id, v_subscription.id, rotate_webhook_secret.secret);
  update app_public.webhook_subscriptions
  set rotated_at = app_hidden.now()
  where webhook_subscriptions.id = v_subscription.id;
  perform app_private.remember('rotate_webhook_secret', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.rotate_webhook_secret is
  'Signs with this secret from now on, and with the one before for 24 hours more. Answers with the ids of both, those of '
  'the first time where the request comes again. Needs webhooks.manage.';
grant execute on function app_hidden.rotate_webhook_secret to app_member;

reset role;
