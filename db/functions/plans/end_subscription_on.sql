-- When a subscription is to end by itself: at the end of what was paid, or on another day. FND-21.

set role app_engine;

create or replace function app_public.end_subscription_on(
  subscription_id uuid,
  ends_at timestamptz
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  if v_subscription.status in ('canceled', 'expired') then
    perform app_hidden.refuse('STATE', 'subscription_is_not_running', jsonb_build_object('status', v_subscription.status));
  elsif ends_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "endsAt"}');
  end if;
  update app_public.patient_subscriptions set ends_at = end_subscription_on.ends_at
  where patient_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_public.end_subscription_on is
  'Says when a subscription expires by itself; null: it goes on. Needs patient_plans.manage; STATE subscription_is_not_running.';
grant execute on function app_public.end_subscription_on to app_member;

reset role;
