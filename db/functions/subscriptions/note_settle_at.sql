-- When time changes something about a subscription next: the one thing that the clock looks for. BIL-01.

create or replace function app_private.note_settle_at(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set settle_at = app_private.next_settle_at(organization_subscriptions)
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_private.note_settle_at is 'Notes when a locked subscription is due next; null when it never is.';
grant execute on function app_private.note_settle_at to app_engine;

create or replace function app_private.next_settle_at(subscription app_public.organization_subscriptions) returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select min(change.at)
  from (
    select case when (subscription).status = 'trialing' and (subscription).trial_told_at is null
             then (subscription).trial_ends_at - interval '7 days' end
    union all
    -- Not in FROM, where the columns of the table would be written into this body.
    select upper((app_private.last_period(subscription)).during)
    union all
    select app_private.overdue_at(invoices.due_on, (subscription).timezone)
    from app_public.invoices
    where invoices.organization_id = (subscription).organization_id
      and invoices.subscription_id = (subscription).id
      and invoices.status = 'issued'
      and app_private.overdue_at(invoices.due_on, (subscription).timezone) > app_hidden.now()
    union all
    select steps.due_at
    from app_private.dunning_steps_of(subscription) as steps
    where steps.done_at is null and steps.due_at > app_hidden.now()
  ) as change (at)
  where (subscription).status not in ('pending', 'canceled');
end;

comment on function app_private.next_settle_at is
  'When the trial is to be told of, the period ends, a bill is overdue, or a step of dunning is due, whichever comes first.';
grant execute on function app_private.next_settle_at to app_engine;
