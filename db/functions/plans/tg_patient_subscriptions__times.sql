-- What follows from day, month and status of a subscription: its billing period, when it ended, and when time changes
-- something about it next. FND-21, CAT-06.

create or replace function app_private.tg_patient_subscriptions__times() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if new.anchor_on is not null then
    new.period_starts_at := app_private.month_starts_at(new.organization_id, new.anchor_on, new.period_month);
    new.period_ends_at := app_private.month_starts_at(
      new.organization_id, new.anchor_on, new.period_month + app_private.months_of(new.billing_period));
  end if;
  new.ended_at := case when new.status in ('canceled', 'expired') then coalesce(new.ended_at, app_hidden.now()) end;
  new.settle_at := case
    when new.status = 'pending' then new.ends_at
    when new.status in ('trialing', 'active', 'past_due') then least(
      new.ends_at,
      case when new.status = 'trialing' then new.trial_ends_at end,
      app_private.month_starts_at(new.organization_id, new.anchor_on, new.month + 1))
  end;
  return new;
end;
$$;

comment on function app_private.tg_patient_subscriptions__times is
  'Fills period_starts_at, period_ends_at, ended_at and settle_at. Trigger _150_times.';

create or replace trigger _150_times before insert or update on app_public.patient_subscriptions
  for each row execute function app_private.tg_patient_subscriptions__times();
