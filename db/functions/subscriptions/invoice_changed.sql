-- A bill of a clinic was issued, paid, credited or written off, in this very transaction: where its subscription stands follows at once.
-- What was paid brings back. It ends nothing: that is the clock's. BIL-05.

create or replace function app_private.invoice_changed(organization_id uuid, invoice_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select locked.* into v_subscription
  from app_public.invoices
  cross join lateral app_private.lock_organization_subscription(invoices.organization_id, invoices.subscription_id) as locked
  where invoices.organization_id = invoice_changed.organization_id and invoices.id = invoice_changed.invoice_id;
  -- The last bill of a subscription that ended may be paid later.
  if v_subscription.id is not null then
    perform app_private.note_settle_at(app_private.judge_subscription(v_subscription));
  end if;
end;
$$;

comment on function app_private.invoice_changed is
  'Judges the subscription of an invoice again. Whoever calls it has locked the subscription before the invoice.';
grant execute on function app_private.invoice_changed to app_engine;
