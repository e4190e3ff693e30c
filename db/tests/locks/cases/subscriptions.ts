import type { LockArea } from "../lock_case.ts";

const subscription = "app_public.organization_subscriptions where id = tests.id('subscription of atlas')";
const owner = "olga";

/** What a clinic subscribes to: one after the other changes it, pays for it, and is the clock. BIL-01, BIL-05. */
export const subscriptions: LockArea = {
  furniture: `
    update app_public.organization_subscriptions set provider_subscription_id = 'sub_atlas' where id = tests.id('subscription of atlas')`,
  cases: [
    {
      lock: "app_private.lock_organization_subscription: for no key update",
      as: "the engine",
      rows: subscription,
      call: "select app_private.lock_organization_subscription(tests.id('atlas'))",
    },
    {
      lock: "app_private.settle_subscription: app_private.lock_organization_subscription",
      as: "the worker",
      rows: subscription,
      call: "select app_private.settle_subscription(tests.id('atlas'), tests.id('subscription of atlas'))",
    },
    {
      lock: "app_private.subscription_to_change: app_private.lock_organization_subscription",
      as: owner,
      rows: subscription,
      call: "select app_public.cancel_organization_subscription(tests.id('atlas'))",
    },
    {
      lock: "app_private.invoice_changed: app_private.lock_organization_subscription",
      as: "the engine",
      rows: subscription,
      call: `select app_private.invoice_changed(i.organization_id, i.id) from app_public.invoices i
             where i.subscription_id = tests.id('subscription of atlas') limit 1`,
    },
    {
      lock: "app_private.apply_provider_status: for no key update",
      as: "the engine",
      rows: subscription,
      call: "select app_private.apply_provider_status('manual', 'sub_atlas', 'active', now())",
    },
  ],
};
