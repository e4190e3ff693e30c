-- A clinic is billed by the month or by the year, from its next term on: what is paid in advance goes on to its end, and nothing of it is
-- counted anew. Taken back before that, nothing has changed. BIL-01, BIL-02, BIL-08, docs/decisions/0196.

set role app_engine;

create or replace function app_public.change_organization_cadence(
  organization_id uuid,
  cadence text,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if v_subscription.status not in ('pending', 'trialing', 'active') then
    perform app_hidden.refuse('STATE', 'cadence_cannot_change', jsonb_build_object('status', v_subscription.status));
  elsif change_organization_cadence.cadence = v_subscription.cadence then
    return v_subscription;
  end if;
  v_subscription := app_private.set_cadence(v_subscription, change_organization_cadence.cadence, v_reason);
  perform app_private.publish(
    'subscription.cadence_changed', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id, 'cadence', v_subscription.cadence));
  return v_subscription;
end;
$$;

comment on function app_public.change_organization_cadence is
  E'@words cadence organization_subscriptions.cadence\n@arg cadence How often the price of the plan is billed.\n@arg reason Why; a superadmin has to say.\n'
  'Has the plan of a clinic billed by the month or by the year, from the end of the month or the year that is paid. Needs billing.manage, or a '
  'superadmin with a reason. NOT_FOUND clinic_not_subscribed; STATE cadence_cannot_change while something due is unpaid.';
grant execute on function app_public.change_organization_cadence to app_member;

reset role;

create or replace function app_private.set_cadence(
  subscription app_public.organization_subscriptions, cadence text, reason text
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  -- What was opened stays as it was billed.
  update app_public.billing_periods set cadence = subscription.cadence
  where billing_periods.organization_id = subscription.organization_id and billing_periods.subscription_id = subscription.id
    and billing_periods.cadence is null;
  update app_public.organization_subscriptions set cadence = set_cadence.cadence, status_reason = set_cadence.reason
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_private.set_cadence is 'Has a locked subscription billed so from its next term on.';
grant execute on function app_private.set_cadence to app_engine;
