import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import { type WebhookSubscriptions, webhookInput } from "../../webhook_subscriptions/index.ts";
import { mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      webhookSubscriptions: WebhookSubscriptions;
    }
  }
}

/** What webhooks need beyond SQL (WHK-01): the server makes their secrets and shows them once, and looks at hosts. */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const subscriptions = build.pgResources.webhook_subscriptions;
  if (!subscriptions) throw new Error("app_public.webhook_subscriptions is not in the schema");
  return {
    typeDefs: gql`
      input SaveWebhookSubscriptionInput {
        organizationId: UUID!
        """The subscription to change; a new one without."""
        subscriptionId: UUID
        """What people call it; unique in the clinic."""
        name: String!
        """https, on port 443 or 8443, of a public host, without a login. Redirects are not followed."""
        url: String!
        """What it is told of, by the names of webhookEventTypes."""
        eventNames: [String!]!
      }

      type SaveWebhookSubscriptionPayload {
        """The secret of a new subscription, to verify signatures with. Shown this once; null when one was changed."""
        secret: String
        """The subscription, as it is now."""
        webhookSubscription: WebhookSubscription!
        query: Query!
      }

      input RotateWebhookSecretInput {
        subscriptionId: UUID!
      }

      type RotateWebhookSecretPayload {
        """The new secret. Shown this once."""
        secret: String!
        """The subscription, as it is now."""
        webhookSubscription: WebhookSubscription!
        query: Query!
      }

      extend type Mutation {
        """
        Has the clinic's own software told of events, or changes what and where. Deliveries are signed by Standard
        Webhooks. VALIDATION webhook_url_not_public for a URL that is not to be called. Needs webhooks.manage.
        """
        saveWebhookSubscription(input: SaveWebhookSubscriptionInput!): SaveWebhookSubscriptionPayload!

        """
        Makes a new secret. Deliveries carry both signatures for 24 hours, then the new one alone. Needs webhooks.manage.
        """
        rotateWebhookSecret(input: RotateWebhookSecretInput!): RotateWebhookSecretPayload!
      }
    `,
    objects: {
      Mutation: {
        plans: {
          saveWebhookSubscription: mutationBeyondSql({
            input: webhookInput,
            run: ({ webhookSubscriptions }, settings, input) => webhookSubscriptions.save(settings, input),
            fields: ["secret"],
            row: { name: "webhookSubscription", resource: subscriptions },
          }),
          rotateWebhookSecret: mutationBeyondSql({
            input: z.object({ subscriptionId: z.string() }),
            run: ({ webhookSubscriptions }, settings, { subscriptionId }) =>
              webhookSubscriptions.rotate(settings, subscriptionId),
            fields: ["secret"],
            row: { name: "webhookSubscription", resource: subscriptions },
          }),
        },
      },
    },
  };
}, "WebhooksPlugin");

export default plugin;
