import type { LockArea } from "../lock_case.ts";

const subscription = "app_public.organization_subscriptions where organization_id = tests.id('atlas')";
const bill = "app_public.invoices where id = tests.id('bill')";
const charged = "app_public.invoices where id = tests.id('charged bill')";
const transfer =
  "select app_public.record_bank_transfer(tests.id('bill'), 100, current_date, 'FT of a lock')";
const discount = "select app_public.discount_invoice(tests.id('bill'), 100, 'Promised')";
const giveCreditBack =
  "select app_public.credit_carried_amount(tests.id('subscription of left'), 'They have left')";
const queue = "select app_private.queue_payment_attempt(tests.id('atlas'), tests.id('charged bill'))";
const report = "select app_hidden.record_attempt(tests.id('attempt at bill'), 'failed')";
const note = "app_public.credit_notes where id = tests.id('note of atlas')";
/** Documents of a table whose deadline is near and was not told. */
const untold = (
  table: string,
  kind: string,
) => `${table} as warned where tax_state = 'queued' and tax_deadline_on <= current_date
  and not exists (select from app_private.events where subject_id = warned.id and name = '${kind}.tax_deadline_near')`;
const giveBack = "select * from app_hidden.refund_to_make(tests.id('refund of atlas'))";

/** What a clinic owes is changed by one at a time: its subscriptions, then the series, then the invoice. BIL-05, BIL-07. */
export const payments: LockArea = {
  furniture: `
    select tests.remember('bill', tests.issued_invoice(tests.id('atlas'), 10000, due_on => current_date + 30)),
           tests.remember('charged bill', tests.issued_invoice(tests.id('atlas'), 10000, due_on => current_date + 30)),
           tests.remember('other bill', tests.issued_invoice(tests.id('atlas'), 10000, due_on => current_date + 30));
    update app_public.invoices set tax_state = 'queued', tax_deadline_on = current_date where id in (tests.id('bill'), tests.id('other bill'));
    select tests.remember('note of atlas', (select min(id::text)::uuid from app_public.credit_notes where organization_id = tests.id('atlas')));
    update app_public.credit_notes set tax_state = 'queued', tax_deadline_on = current_date;
    with attempt as (
      insert into app_public.payment_attempts (organization_id, invoice_id, position, provider, amount, status, due_at)
      values (tests.id('atlas'), tests.id('charged bill'), 1, 'stripe', 10000, 'queued', app_hidden.now())
      returning id)
    select tests.remember('attempt at bill', id) from attempt;
    select tests.clinic('left'), tests.bill_tier('Big', 31000), tests.bill_tier('Small', 3100);
    select tests.bill_subscription('left', 'Big', current_date - 40, 2), tests.bill_open('left', 1);
    select tests.document_of(id, 0) from app_public.invoices where organization_id = tests.id('left');
    select tests.bill_change('left', 'Small', current_date - 30), tests.bill_close('left', 1);
    set local session_replication_role = replica;
    update app_public.organization_subscriptions set status = 'canceled', ended_at = now() where organization_id = tests.id('left');
    set local session_replication_role = origin;
    select tests.remember('refund of atlas', (select min(id::text)::uuid from app_public.refunds where organization_id = tests.id('atlas')))`,
  cases: [
    {
      lock: "app_public.credit_carried_amount: app_private.lock_billing",
      as: "root",
      rows: "app_public.organization_subscriptions where organization_id = tests.id('left')",
      call: giveCreditBack,
    },
    {
      lock: "app_public.credit_carried_amount: app_private.lock_series",
      as: "root",
      rows: "app_private.document_series where kind = 'credit_note'",
      call: giveCreditBack,
    },
    {
      lock: "app_public.credit_carried_amount: for no key update",
      as: "root",
      rows: "app_public.invoices where organization_id = tests.id('left')",
      call: giveCreditBack,
    },
    { lock: "app_private.lock_billing: for no key update", as: "root", rows: subscription, call: transfer },
    {
      lock: "app_private.lock_series: for no key update",
      as: "root",
      rows: "app_private.document_series where kind = 'credit_note'",
      call: discount,
    },
    { lock: "app_private.lock_invoice: for no key update", as: "root", rows: bill, call: transfer },
    {
      lock: "app_private.billed_invoice: app_private.lock_billing",
      as: "root",
      rows: subscription,
      call: transfer,
    },
    {
      lock: "app_private.billed_invoice: app_private.lock_series",
      as: "root",
      rows: "app_private.document_series where kind = 'credit_note'",
      call: discount,
    },
    {
      lock: "app_private.queue_payment_attempt: app_private.lock_billing",
      as: "the engine",
      rows: subscription,
      call: queue,
    },
    {
      lock: "app_private.lock_attempt: app_private.lock_billing",
      as: "the worker",
      rows: subscription,
      call: report,
    },
    {
      lock: "app_private.lock_attempt: app_private.lock_invoice",
      as: "the worker",
      rows: charged,
      call: report,
    },
    {
      lock: "app_private.lock_refund: app_private.lock_billing",
      as: "the worker",
      rows: subscription,
      call: giveBack,
    },
    {
      lock: "app_private.settle_account: for no key update",
      as: "the worker",
      rows: "app_public.invoices where id = tests.id('other bill')",
      call: "select app_hidden.settle_invoice(tests.id('bill'))",
    },
    {
      lock: "app_hidden.settle_invoice: app_private.lock_billing",
      as: "the worker",
      rows: subscription,
      call: "select app_hidden.settle_invoice(tests.id('bill'))",
    },
    {
      lock: "app_private.lock_tax_document: for no key update",
      as: "the worker",
      rows: bill,
      call: "select app_hidden.record_tax_state('invoice', tests.id('bill'), 'sent', '501')",
    },
    {
      lock: "app_private.lock_tax_document: for no key update (2)",
      as: "the worker",
      rows: note,
      call: "select app_hidden.record_tax_state('credit_note', tests.id('note of atlas'), 'sent', '501')",
    },
    {
      lock: "app_private.lock_tax_document: for no key update skip locked",
      as: "the worker",
      rows: bill,
      call: "select app_hidden.warn_of_tax_deadlines()",
      leaves: untold("app_public.invoices", "invoice"),
    },
    {
      lock: "app_private.lock_tax_document: for no key update skip locked (2)",
      as: "the worker",
      rows: note,
      call: "select app_hidden.warn_of_tax_deadlines()",
      leaves: untold("app_public.credit_notes", "credit_note"),
    },
  ],
};
