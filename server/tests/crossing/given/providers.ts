/** Accounts with vendors. */
import { id, type Making } from "./making.ts";

const webhooksOf =
  (clinic: string): Making =>
  async (world) => ({
    subscriptionId: await id(
      world,
      `insert into app_public.webhook_subscriptions (organization_id, name, url, event_names)
     values (tests.id('${clinic}'), uuidv7()::text, 'https://example.com/', '{form.signed}') returning id`,
    ),
  });
const ofWebhooks = webhooksOf("atlas");

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
  ...Object.fromEntries(
    ["disable", "remove", "test"].map((verb) => [`${verb}WebhookSubscription`, ofWebhooks]),
  ),
  replayWebhookEvents: ofWebhooks,
  enableWebhookSubscription: async (world) => {
    const given = await ofWebhooks(world);
    await world.api.sql(
      "update app_public.webhook_subscriptions set status = 'disabled', disabled_reason = 'gone', disabled_at = now() where id = $1",
      [given.subscriptionId],
    );
    return given;
  },
  // Whose data key a key service made: see saveIntegration.
  rotateWebhookSecret: webhooksOf("cetus"),
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
