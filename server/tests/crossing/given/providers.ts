/** Accounts with vendors. */
import { id, type Making } from "./making.ts";

export const ofProviders: Record<string, Making> = {
  // The draft has no data key of the fixture's, which no key service made.
  saveIntegration: async (world) => ({
    ...mail,
    organizationId: await id(world, "select tests.id('cetus') as id"),
  }),
  testIntegration: async (world) => ({
    integrationId: await id(
      world,
      "select id from app_public.organization_integrations where organization_id = tests.id('cetus')",
    ),
  }),
  saveWebhookSubscription: async (world) => ({
    organizationId: await id(world, "select tests.id('cetus') as id"),
    subscriptionId: undefined,
    url: "http://127.0.0.1:9/hooks",
    eventNames: ["appointment.booked"],
  }),
};

const mail = {
  provider: "smtp",
  integrationId: undefined,
  settings: { host: "127.0.0.1", port: 9, sender: "contact@cetus.test" },
  credentials: [
    { field: "username", value: "clinic" },
    { field: "password", value: "a password of the clinic" },
  ],
};
