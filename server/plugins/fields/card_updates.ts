import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import type { CardUpdates } from "../../card_updates/index.ts";
import { mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      cardUpdates: CardUpdates;
    }
  }
}

/** What cards need beyond SQL (BIL-08): the payment vendor has the page where one is entered. */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const subscriptions = build.pgResources.organization_subscriptions;
  if (!subscriptions) throw new Error("app_public.organization_subscriptions is not in the schema");
  return {
    typeDefs: gql`
      input StartCardUpdateInput {
        organizationId: UUID!
        """Where the vendor's page leads back to, with \`card=saved\` or \`card=canceled\`: a page of this platform."""
        returnUrl: String!
      }

      type StartCardUpdatePayload {
        """The vendor's page, to be opened now: it closes within a day."""
        url: String!
        """The subscription that the card pays."""
        organizationSubscription: OrganizationSubscription!
        query: Query!
      }

      extend type Mutation {
        """
        Opens a page of the payment vendor's where the clinic enters the card that pays its subscription; nothing of the card
        comes here. Needs billing.manage. STATE paid_by_transfer for a clinic that pays by bank transfer; VALIDATION
        return_url_not_allowed; UNAVAILABLE payment_vendor_unavailable.
        """
        startCardUpdate(input: StartCardUpdateInput!): StartCardUpdatePayload!
      }
    `,
    objects: {
      Mutation: {
        plans: {
          startCardUpdate: mutationBeyondSql({
            input: z.object({ organizationId: z.string(), returnUrl: z.string() }),
            run: ({ cardUpdates }, settings, input) => cardUpdates.start(settings, input),
            fields: ["url"],
            row: { name: "organizationSubscription", resource: subscriptions },
          }),
        },
      },
    },
  };
}, "CardUpdatesPlugin");

export default plugin;
