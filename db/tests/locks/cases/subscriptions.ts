import type { LockArea } from "../lock_case.ts";

const subscription = "app_public.organization_subscriptions where id = tests.id('subscription of atlas')";

/** What a clinic subscribes to: one after the other changes it, pays for it, and is the clock. BIL-01, BIL-05. */
export const subscriptions: LockArea = {
  furniture: `
    update app_public.organization_subscriptions set provider_subscription_id = 'sub_atlas', provider_customer_id = 'cus_atlas' where id = tests.id('subscription of atlas')`,
  cases: [
    {
      lock: "app_private.lock_organization_subscription: for no key update of subscriptions",
      as: "the engine",
      rows: subscription,
      call: "select app_private.lock_organization_subscription(tests.id('atlas'))",
    },
    {
      lock: "app_hidden.record_payment_customer: for no key update",
      as: "the worker",
      rows: subscription,
      call: "select app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_atlas')",
    },
    {
      lock: "app_hidden.record_payment_card: for no key update",
      as: "the worker",
      rows: subscription,
      call: "select app_hidden.record_payment_card('manual', 'cus_atlas', 'pm_1', 'visa', '4242', now())",
    },
    {
      lock: "app_private.apply_provider_status: for no key update",
      as: "the engine",
      rows: subscription,
      call: "select app_private.apply_provider_status('manual', 'sub_atlas', 'active', now())",
    },
  ],
};
