import type { LockArea } from "../lock_case.ts";

const key = "tests.service_digest('payments of atlas')";
const create = (scope: string, name: string) =>
  `select app_public.create_service_account_key('${scope}', '${name}', tests.id('atlas'))`;

/** Keys of programs: who uses one and who revokes it wait for each other. What a clinic has beside its tier. FND-24, BIL-09, FND-20. */
export const serviceAccounts: LockArea = {
  furniture: `
    update app_public.service_account_keys set last_used_on = (app_hidden.now() at time zone 'UTC')::date;
    update app_public.platform_entitlements set is_built = true`,
  cases: [
    {
      lock: "app_private.use_service_key: for share",
      as: "the engine",
      rows: "app_public.service_account_keys where id = tests.id('payments of atlas')",
      call: `select app_private.use_service_key(${key}, 'patient_subscriptions')`,
    },
    {
      lock: "app_public.create_service_account_key: pg_advisory_xact_lock",
      as: "adrian",
      key: "'service account keys of ' || tests.id('atlas')",
      call: create("patient_subscriptions", "one"),
      limit: {
        of: "app_public.create_service_account_key: too_many_keys",
        another: create("patient_subscriptions", "another"),
      },
    },
    {
      lock: "app_public.grant_entitlement: for no key update",
      as: "root",
      rows: "app_public.organizations where id = tests.id('atlas')",
      call: "select app_public.grant_entitlement(tests.id('atlas'), 'own_s3_bucket', 'Asked for it')",
    },
  ],
};
