import type { LockArea } from "../lock_case.ts";

/** A period is billed by one at a time, and what its provider answers is kept by one at a time. BIL-02, BIL-03. */
export const invoiceLocks: LockArea = {
  furniture: `
    select tests.remember('a credit note of atlas', min(id::text)::uuid)
    from app_public.credit_notes where organization_id = tests.id('atlas');
    select tests.remember('billed period of atlas', period_id)
    from app_public.invoices where id = tests.id('invoice of atlas')`,
  cases: [
    {
      lock: "app_private.period_to_bill: for no key update",
      as: "the engine",
      rows: "app_public.organization_subscriptions where organization_id = tests.id('atlas')",
      call: "select app_private.open_period_invoice(tests.id('atlas'), tests.id('billed period of atlas'))",
    },
    {
      lock: "app_hidden.record_document_issued: for no key update",
      as: "the worker",
      rows: "app_public.invoices where id = tests.id('invoice of atlas')",
      call: "select app_hidden.record_document_issued('invoice', tests.id('invoice of atlas'), 'p', '1', null, 0, 1)",
    },
    {
      lock: "app_hidden.record_document_issued: for no key update (2)",
      as: "the worker",
      rows: "app_public.credit_notes where id = tests.id('a credit note of atlas')",
      call: "select app_hidden.record_document_issued('credit_note', tests.id('a credit note of atlas'), 'p', '1', null, 0, 1)",
    },
  ],
};
