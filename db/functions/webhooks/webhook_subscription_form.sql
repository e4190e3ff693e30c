-- Asked before anything is looked up or sealed: may the caller save this subscription, and which ids do it and its secret
-- get? WHK-01.

set role app_engine;

create or replace function app_hidden.webhook_subscription_form(
  organization_id uuid, subscription_id uuid, out clinic_id uuid, out id uuid, out secret_id uuid
)
language plpgsql volatile security definer
set search_path = ''
as $$
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
  id := coalesce(subscription_id, uuidv7());
  secret_id := uuidv7();
end;
$$;

comment on function app_hidden.webhook_subscription_form is
  'The clinic, the subscription''s id and one for a secret, for a caller who may save this subscription; refusals otherwise.';
grant execute on function app_hidden.webhook_subscription_form to app_member;

reset role;
