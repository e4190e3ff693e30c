-- A subscription may end before a bill took off what was credited for a smaller plan (docs/decisions/0178). The clinic sees what is left, and
-- staff of the platform give it back: by credit notes for what it was billed and paid, the last invoice first. What was paid of them is the
-- clinic's balance then, and refund_payment() sends it. BIL-05, BIL-06, BIL-08, docs/decisions/0196.

create or replace function app_private.carried_amount(subscription app_public.organization_subscriptions) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select greatest(-last.carried_after - coalesce((
      select sum(credit_notes.net_amount)
      from app_public.credit_notes
      where credit_notes.organization_id = last.organization_id and credit_notes.carried_by = last.id), 0), 0)
    from (
      select period_bills.organization_id, period_bills.id, period_bills.carried_after
      from app_public.period_bills
      where period_bills.organization_id = (subscription).organization_id and period_bills.subscription_id = (subscription).id
      order by period_bills.position desc
      limit 1
    ) as last), 0)::bigint;
end;

comment on function app_private.carried_amount is
  'The credit that the next bill of a subscription takes off, before tax; of one that has ended what is still owed to the clinic.';
grant execute on function app_private.carried_amount to app_engine;

set role app_engine;

create or replace function app_public.carried_credits(organization_id uuid)
returns table (subscription_id uuid, carried_amount bigint, currency text, is_owed boolean)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
begin
  perform app_private.require_billing_view(carried_credits.organization_id);
  return query
  select carried.id, carried.amount, carried.currency, carried.is_owed
  from (
    select subscriptions.id, app_private.carried_amount(subscriptions) as amount, subscriptions.currency::text,
           subscriptions.status = 'canceled' as is_owed
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = carried_credits.organization_id
  ) as carried
  where carried.amount > 0
  order by carried.id;
end;
$$;

comment on function app_public.carried_credits is
  E'@answer isOwed Whether the subscription has ended, so that no bill takes it off any more.\n'
  'What a clinic has to its credit, by subscription, before tax: the next bill takes it off, or it is owed, where the subscription has ended. '
  'Needs billing.view, or a superadmin.';
grant execute on function app_public.carried_credits to app_member;

create or replace function app_public.credit_carried_amount(subscription_id uuid, reason text) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('credit_carried_amount', jsonb_build_array(subscription_id, reason));
  v_subscription app_public.organization_subscriptions;
  v_reason text;
  v_invoice app_public.invoices;
  v_left bigint;
  v_part bigint;
  v_credited uuid[] := '{}';
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_subscription, v_remembered);
  end if;
  perform app_private.require_superadmin();
  v_reason := app_private.require_reason(reason);
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.id = credit_carried_amount.subscription_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.lock_billing(v_subscription.organization_id);
  perform app_private.lock_series('credit_note');
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_subscription.organization_id and organization_subscriptions.id = v_subscription.id;
  v_left := app_private.carried_amount(v_subscription);
  if v_left = 0 then
    perform app_hidden.refuse('STATE', 'nothing_carried');
  elsif v_subscription.status <> 'canceled' then
    perform app_hidden.refuse('STATE', 'carried_to_next_bill');
  end if;

  for v_invoice in
    select invoices.*
    from app_public.invoices
    where invoices.organization_id = v_subscription.organization_id and invoices.subscription_id = v_subscription.id
      and invoices.status in ('issued', 'paid') and invoices.total_amount is not null
    order by invoices.issued_at desc, invoices.id desc
    for no key update
  loop
    v_part := least(v_left, v_invoice.net_amount - app_private.credited_net(v_invoice));
    continue when v_part <= 0;
    perform app_private.credit_carried(v_invoice, v_part, v_reason);
    v_left := v_left - v_part;
    v_credited := v_credited || v_invoice.id;
    exit when v_left = 0;
  end loop;
  if v_credited = '{}' then
    perform app_hidden.refuse('STATE', 'nothing_to_credit');
  end if;
  perform app_private.settle_account(v_subscription.organization_id, v_subscription.currency, v_credited);
  perform app_private.remember('credit_carried_amount', to_jsonb(v_subscription));
  return v_subscription;
end;
$$;

comment on function app_public.credit_carried_amount is
  E'@arg subscriptionId A subscription that has ended with one of carriedCredits.\n'
  'Gives back what a subscription that has ended carried over: credit notes take it off its invoices, the last one first, and what was paid of them is a '
  'balance of the clinic, which pays what is due or is refunded. Superadmin only, with a reason. STATE nothing_carried, carried_to_next_bill '
  'while it goes on, nothing_to_credit while no invoice of it can be credited.';
grant execute on function app_public.credit_carried_amount to app_member;

reset role;

create or replace function app_private.credit_carried(invoice app_public.invoices, net_amount bigint, reason text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_note app_public.credit_notes := app_private.credit_amount(invoice, credit_carried.net_amount, credit_carried.reason);
begin
  update app_public.credit_notes set carried_by = (
    select period_bills.id
    from app_public.period_bills
    where period_bills.organization_id = invoice.organization_id and period_bills.subscription_id = invoice.subscription_id
    order by period_bills.position desc
    limit 1)
  where credit_notes.organization_id = v_note.organization_id and credit_notes.id = v_note.id;
end;
$$;

comment on function app_private.credit_carried is 'Issues a credit note for what the last bill of the subscription of an invoice carried over.';
grant execute on function app_private.credit_carried to app_engine;
