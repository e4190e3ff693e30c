/** Keys of programs, and what clinics have beside their tier. */
import { type Making, ofAtlas } from "./making.ts";

export const ofServiceAccounts: Record<string, Making> = {
  createServiceAccountKey: ofAtlas({ scope: "PATIENT_SUBSCRIPTIONS", name: "Payments" }),
  // As it will be once something implements it.
  grantEntitlement: async (world) => {
    await world.api.sql("update app_public.platform_entitlements set is_built = true");
    return ofAtlas({ entitlement: "own_s3_bucket", reason: "Asked for it" })(world);
  },
};
