import type { LockArea } from "../lock_case.ts";

const settle = "select app_private.settle_patient_plans(tests.id('atlas'), tests.id('ana'))";

const ended = "app_public.patient_subscriptions where id = tests.id('carmen''s tier of atlas')";

/** What patients have of plans, and the ledger of it: whoever uses one waits for who uses the one before. CAT-04, CAT-06. */
export const plans: LockArea = {
  furniture: `
    select tests.remember('plan of ana', min(id::text)::uuid)
    from app_public.patient_service_plans where patient_profile_id = tests.id('ana');
    select tests.subscribed('carmen', 'tier of atlas', 'canceled'), tests.linked('carmen''s tier of atlas', 'ended')`,
  cases: [
    {
      lock: "app_private.settle_patient_plans: for share",
      as: "the engine",
      rows: "app_public.patients where id = tests.id('ana at atlas')",
      call: settle,
    },
    {
      lock: "app_private.settle_patient_plans: for no key update",
      as: "the engine",
      rows: "app_public.patient_subscriptions where patient_profile_id = tests.id('ana')",
      call: settle,
    },
    {
      lock: "app_private.settle_patient_plans: for no key update (2)",
      as: "the engine",
      rows: "app_public.patient_service_plans where id = tests.id('plan of ana')",
      call: settle,
    },
    {
      lock: "app_private.debit_entitlement: app_private.require_patient",
      as: "the engine",
      rows: "app_public.patients where id = tests.id('ana at atlas')",
      call: "select app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', uuidv7())",
    },
    {
      lock: "app_private.patient_to_serve: app_private.require_patient",
      as: "adrian",
      rows: "app_public.patients where id = tests.id('ana at atlas')",
      call: "select app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'Asked for it')",
    },
    // Of one that has ended, which nobody settles any more.
    {
      lock: "app_private.report_patient_subscription: for no key update",
      as: "the engine",
      rows: ended,
      call: "select app_private.report_patient_subscription(tests.id('atlas'), 'own', 'ended', 'canceled', app_hidden.now())",
    },
    {
      lock: "app_public.unlink_patient_subscription: for no key update",
      as: "adrian",
      rows: ended,
      call: "select app_public.unlink_patient_subscription(tests.id('ended'))",
    },
  ],
};
