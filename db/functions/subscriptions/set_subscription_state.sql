-- A subscription moves, and since when it is unpaid or suspended is noted. BIL-01.

create or replace function app_private.set_subscription_state(
  subscription app_public.organization_subscriptions, to_status text, reason text
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    status = to_status,
    status_reason = reason,
    past_due_at = case when to_status in ('past_due', 'suspended') then coalesce(organization_subscriptions.past_due_at, app_hidden.now()) end,
    suspended_at = case when to_status = 'suspended' then coalesce(organization_subscriptions.suspended_at, app_hidden.now()) end
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_private.set_subscription_state is 'Moves a locked subscription that goes on: to active, past_due or suspended.';
grant execute on function app_private.set_subscription_state to app_engine;
