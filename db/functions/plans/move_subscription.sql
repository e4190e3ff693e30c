-- A subscription is begun, paid, awaits payment, or is cancelled: by staff, as they know it. FND-21, CAT-06.

set role app_engine;

create or replace function app_public.move_subscription(
  subscription_id uuid,
  status text,
  reason text default null,
  trial_ends_at timestamptz default null
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  -- What has begun goes on, and may end; what was agreed does not begin.
  if v_subscription.status = 'pending' and move_subscription.status in ('trialing', 'active') then
    perform app_private.require_not_suspended(v_subscription.organization_id);
  end if;
  perform app_private.authorize_move(
    'patient_subscriptions', v_subscription.status, move_subscription.status, v_subscription.organization_id);
  if move_subscription.status = 'trialing' then
    update app_public.patient_subscriptions set trial_ends_at = coalesce(move_subscription.trial_ends_at, patient_subscriptions.trial_ends_at)
    where patient_subscriptions.id = v_subscription.id
    returning * into v_subscription;
    if v_subscription.trial_ends_at is null then
      perform app_hidden.refuse('VALIDATION', 'trial_needs_an_end', '{"field": "trialEndsAt"}');
    elsif v_subscription.trial_ends_at <= app_hidden.now() then
      perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "trialEndsAt"}');
    end if;
  end if;
  return app_private.set_subscription_status(
    v_subscription, move_subscription.status, app_hidden.now(), nullif(btrim(reason), ''));
end;
$$;

comment on function app_public.move_subscription is
  E'@words status patient_subscriptions.status\n@arg status Where it goes.\n@arg trialEndsAt Until when it is on trial, where it goes on trial.\nMoves a subscription: what it gives is given, closed, opened again or ended with it. Needs '
  'patient_plans.manage; STATE illegal_move names the moves that are legal.';
grant execute on function app_public.move_subscription to app_member;

reset role;
