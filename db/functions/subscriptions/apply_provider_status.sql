-- What a payment provider says of a subscription that it runs, applied by the time as of which it says so, never by arrival. What is
-- not in payment_provider_statuses is kept and told, and moves nothing. BIL-01.

create or replace function app_private.apply_provider_status(
  provider text, provider_subscription_id text, vendor_status text, as_of timestamptz
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_status text;
begin
  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.provider = apply_provider_status.provider
    and subscriptions.provider_subscription_id = apply_provider_status.provider_subscription_id
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  elsif as_of <= v_subscription.provider_as_of then
    return v_subscription;
  end if;
  update app_public.organization_subscriptions set provider_status = vendor_status, provider_as_of = as_of
  where organization_subscriptions.organization_id = v_subscription.organization_id
    and organization_subscriptions.id = v_subscription.id
  returning * into v_subscription;

  select statuses.status into v_status
  from app_private.payment_provider_statuses as statuses
  where statuses.provider = apply_provider_status.provider and statuses.vendor_status = apply_provider_status.vendor_status;
  if not found then
    perform app_private.publish(
      'subscription.status_unknown', v_subscription.organization_id, v_subscription.id,
      jsonb_build_object('subscriptionId', v_subscription.id));
    return v_subscription;
  end if;

  if v_subscription.status = 'canceled' then
    return v_subscription;
  elsif v_status = 'canceled' then
    return app_private.end_organization_subscription(v_subscription, null);
  elsif v_subscription.status = 'pending' and v_status in ('trialing', 'active')
    and app_private.missing_of_billing(v_subscription.organization_id) = '{}' then
    return app_private.begin_organization_subscription(v_subscription);
  end if;
  return app_private.note_settle_at(app_private.judge_subscription(v_subscription));
end;
$$;

comment on function app_private.apply_provider_status is
  'Keeps what a payment provider says of a subscription, and moves it where that follows. What is older than what is known is ignored; an '
  'unknown status is kept and published as subscription.status_unknown. NOT_FOUND clinic_not_subscribed.';
grant execute on function app_private.apply_provider_status to app_engine;
