-- Those who manage billing hear what becomes of the clinic's subscription: its trial ends soon, something is unpaid, nothing new begins any
-- more, it is active again, it has ended. That it begins is no news to whoever began it. What is unpaid is told with the account to which
-- it is paid by bank transfer. BIL-01, BIL-05, BIL-07, FND-15.

create or replace function app_private.messages_about_organization_subscription(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_recipients app_private.message_recipient[];
  v_data jsonb := '{}';
begin
  if event.name = 'subscription.active' and event.payload ->> 'from' in ('pending', 'trialing')
    or event.name = 'subscription.canceled' and event.payload ->> 'from' = 'pending' then
    return;
  end if;
  v_recipients := app_private.staff_recipients(event.organization_id, 'billing.manage');
  if v_recipients is null then
    return;
  end if;

  select subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = event.organization_id and subscriptions.id = event.subject_id;
  if event.name = 'subscription.trial_ending' then
    v_data := jsonb_build_object('expiresAt', v_subscription.trial_ends_at, 'timezone', v_subscription.timezone);
  elsif event.name = 'subscription.past_due' then
    v_data := jsonb_build_object(
      'timezone', v_subscription.timezone,
      'expiresAt', (
        select greatest(min(steps.due_at), app_private.covered_until(v_subscription, paid_only => true))
        from app_private.dunning_steps_of(v_subscription) as steps
        where steps.action = 'suspend' and steps.due_at > event.occurred_at))
      || app_private.overdue_facts(v_subscription);
  elsif event.name = 'subscription.suspended' then
    v_data := app_private.overdue_facts(v_subscription);
  end if;
  perform app_private.notify_many(
    event.organization_id,
    case event.name when 'subscription.active' then 'subscription_active_again' else replace(event.name, '.', '_') end,
    v_recipients, v_data, event_id => event.id);
end;
$$;

comment on function app_private.messages_about_organization_subscription is
  'Queues what the events of a clinic''s subscription call for: a note to each member with billing.manage.';
grant execute on function app_private.messages_about_organization_subscription to app_engine;

-- One transfer may pay them all: the oldest first, as the clinic's balance pays them.
create or replace function app_private.overdue_facts(subscription app_public.organization_subscriptions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object('dueAmount', nullif(overdue.amount, 0)::text, 'currency', (subscription).currency)
    || app_private.transfer_facts(
      case when overdue.amount > 0 then (subscription).provider end, (subscription).currency, overdue.numbers)
  from (
    select coalesce(sum(app_private.invoice_due(invoices)), 0) as amount,
      string_agg(invoices.series || ' ' || invoices.number, ', ' order by invoices.due_on, invoices.number) as numbers
    from app_public.invoices
    where invoices.organization_id = (subscription).organization_id and invoices.subscription_id = (subscription).id
      and invoices.status = 'issued' and invoices.currency = (subscription).currency
      and app_private.overdue_at(invoices.due_on, (subscription).timezone) <= app_hidden.now()
  ) as overdue;
end;

comment on function app_private.overdue_facts is
  'What the overdue bills of a subscription come to, and how they are paid by bank transfer; all null where nothing is overdue.';
grant execute on function app_private.overdue_facts to app_engine;
