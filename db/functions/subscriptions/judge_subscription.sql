-- How a subscription stands by what is unpaid, by what was paid in advance, and by what the payment provider says: a function of these facts
-- and of the time, so that whoever changes one of them asks again, in whatever order. BIL-05, docs/decisions/0177.

create or replace function app_private.judge_subscription(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := subscription;
  v_standing text;
begin
  -- Of a trial nothing is billed.
  if v_subscription.status not in ('active', 'past_due', 'suspended') then
    return v_subscription;
  end if;
  v_standing := app_private.standing_of(v_subscription);
  if v_standing <> v_subscription.status then
    v_subscription := app_private.set_subscription_state(v_subscription, v_standing, null);
    if v_standing = 'suspended' then
      perform app_private.note_dunning(v_subscription, 'suspend');
    end if;
  end if;
  if v_subscription.cancels_because = 'unpaid' and not exists (
    select from app_private.dunning_steps_of(v_subscription) as steps where steps.action = 'cancel' and steps.due_at <= app_hidden.now()
  ) then
    update app_public.organization_subscriptions set cancels_on = null, cancels_because = null
    where organization_subscriptions.organization_id = v_subscription.organization_id
      and organization_subscriptions.id = v_subscription.id
    returning * into v_subscription;
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.judge_subscription is
  'Moves a locked subscription to where it stands: active, past_due or suspended; what was to end it as unpaid goes with the debt.';
grant execute on function app_private.judge_subscription to app_engine;

create or replace function app_private.standing_of(subscription app_public.organization_subscriptions) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_at_the_provider text;
begin
  if subscription.provider_subscription_id is not null then
    select statuses.status into v_at_the_provider
    from app_private.payment_provider_statuses as statuses
    where statuses.provider = subscription.provider and statuses.vendor_status = subscription.provider_status;
  end if;
  if v_at_the_provider = 'suspended' then
    return 'suspended';
  elsif not app_private.is_overdue(subscription) then
    return case when v_at_the_provider = 'past_due' then 'past_due' else 'active' end;
  elsif not exists (
    select from app_private.dunning_steps_of(subscription) as steps where steps.action = 'suspend' and steps.due_at <= app_hidden.now()
  ) or app_private.covered_until(subscription, paid_only => subscription.status = 'suspended') is not null then
    return 'past_due';
  end if;
  return 'suspended';
end;
$$;

comment on function app_private.standing_of is 'Where a subscription that runs stands now: active, past_due or suspended.';
grant execute on function app_private.standing_of to app_engine;

-- What stays unpaid for too long ends the subscription: at once, or when the time that is paid in advance ends.
create or replace function app_private.end_what_stays_unpaid(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_until timestamptz;
  v_ends_on date;
begin
  if not exists (
    select from app_private.dunning_steps_of(subscription) as steps where steps.action = 'cancel' and steps.due_at <= app_hidden.now()
  ) then
    return subscription;
  end if;
  v_until := app_private.covered_until(subscription, paid_only => subscription.status = 'suspended');
  perform app_private.note_dunning(subscription, 'cancel');
  if v_until is null then
    return app_private.end_organization_subscription(subscription, null);
  end if;
  v_ends_on := (v_until at time zone subscription.timezone)::date;
  if subscription.cancels_on <= v_ends_on then
    return subscription;
  end if;
  return app_private.plan_subscription_end(subscription, v_ends_on, 'unpaid', null);
end;
$$;

comment on function app_private.end_what_stays_unpaid is
  'Ends a locked subscription with a bill that stayed unpaid until the step "cancel", or notes that it ends with what is paid in advance.';
grant execute on function app_private.end_what_stays_unpaid to app_engine;

create or replace function app_private.note_dunning(subscription app_public.organization_subscriptions, action text) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.dunning_actions (organization_id, invoice_id, day, action, due_at, done_at)
  select (subscription).organization_id, steps.invoice_id, steps.day, steps.action, steps.due_at, app_hidden.now()
  from app_private.dunning_steps_of(subscription) as steps
  where steps.action = note_dunning.action and steps.due_at <= app_hidden.now() and steps.done_at is null;
end;

comment on function app_private.note_dunning is 'Notes the steps of this action that are due and were not taken.';
grant execute on function app_private.note_dunning to app_engine;
