/** What patients have bought. */
import { id, type Making } from "./making.ts";

export const ofPlans: Record<string, Making> = {
  createServicePlanCounter: assignments("months of atlas"),
  updateServicePlanCounter: assignments("sessions of atlas"),
  deleteServicePlanCounter: assignments("sessions of atlas"),
  // Whose subscription is nobody's at the provider yet.
  linkPatientSubscription: async (world) => ({
    subscriptionId: await id(
      world,
      "select tests.subscribed('elena', 'tier of atlas', 'pending') as id from set_config('tests.clinic', 'atlas', true)",
    ),
    provider: "STRIPE",
    externalReference: "sub_new",
  }),
  startSubscription: async () => ({ status: "PENDING", trialEndsAt: undefined }),
};

function assignments(plan: string): Making {
  return async (world) => ({
    kind: "treatment_plan_assignments",
    servicePlanId: await id(world, `select tests.id('${plan}') as id`),
  });
}
