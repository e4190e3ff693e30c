import "postgraphile";
import { context, type GrafastSubscriber, get, listen, type Step } from "grafast";
import { extendSchema, gql } from "postgraphile/utils";
import { asText } from "../sockets/topics.ts";

/** What a socket hears of, by topics (server/sockets/topics.ts): ids, and nothing else. */
export type Arrivals = GrafastSubscriber<
  Record<string, { id: string; subjectId?: string; days?: string[] | null }>
>;

declare global {
  namespace Grafast {
    interface Context {
      /** Null where nothing can be heard: a request over HTTP. */
      arrivals: Arrivals | null;
    }
  }
}

/**
 * `subscription { inboxItemArrived { … } }` (FND-15): what is announced is an id; the row is read with the
 * caller's rights at that moment, so that one who lost them gets nothing.
 */
export const InboxSubscriptionPlugin: GraphileConfig.Plugin = extendSchema((build) => {
  const inboxItems = build.pgResources.inbox_items;
  if (!inboxItems) throw new Error("the table app_public.inbox_items is not exposed");
  return {
    typeDefs: gql`
      extend type Subscription {
        """
        Every message that arrives in the caller's inbox, at the clinic the connection names or at all of them; after an
        interruption the same one may come twice. Null when it is not there to be read any more.
        """
        inboxItemArrived: InboxItem
      }
    `,
    objects: {
      Subscription: {
        plans: {
          inboxItemArrived: {
            subscribePlan() {
              return listen(context().get("arrivals"), asText({ kind: "inbox" }));
            },
            plan($announced: Step) {
              return inboxItems.get({ id: get($announced, "id") });
            },
          },
        },
      },
    },
  };
});
