-- Asked before anything is looked up or sealed: may the caller save this subscription, and which ids do it and its secret
-- get? Of a request that was answered before: those that they got, and the envelope of the secret that was shown. WHK-01, FND-26.

set role app_engine;

create or replace function app_hidden.webhook_subscription_form(
  organization_id uuid,
  subscription_id uuid,
  operation text,
  request jsonb,
  out clinic_id uuid,
  out id uuid,
  out secret_id uuid,
  out is_answered boolean,
  out envelope bytea
)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
begin
  clinic_id := webhook_subscription_form.organization_id;
  if subscription_id is not null then
    select subscriptions.organization_id into clinic_id
    from app_public.webhook_subscriptions as subscriptions
    where subscriptions.id = webhook_subscription_form.subscription_id
      and (webhook_subscription_form.organization_id is null
           or subscriptions.organization_id = webhook_subscription_form.organization_id);
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
  end if;
  perform app_private.require_permission(clinic_id, 'webhooks.manage');
  v_remembered := app_private.recalled(operation, request);
  is_answered := v_remembered is not null;
  id := coalesce((v_remembered ->> 'id')::uuid, subscription_id, uuidv7());
  secret_id := case when is_answered then (v_remembered ->> 'secretId')::uuid else uuidv7() end;
  if is_answered then
    -- One that was removed since is not there.
    perform from app_public.webhook_subscriptions as subscriptions
    where subscriptions.organization_id = clinic_id and subscriptions.id = webhook_subscription_form.id;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    select webhook_secrets.secret into envelope
    from app_private.webhook_secrets
    where webhook_secrets.organization_id = clinic_id and webhook_secrets.id = webhook_subscription_form.secret_id;
  end if;
end;
$$;

comment on function app_hidden.webhook_subscription_form is
  'The clinic, the subscription''s id and one for a secret, for a caller who may save this subscription, and what was answered to the '
  'same request before; refusals otherwise.';
grant execute on function app_hidden.webhook_subscription_form to app_member;

reset role;
