import "postgraphile";
import { context, type FieldArgs, get, lambda, listen, type Step } from "grafast";
import { extendSchema, gql } from "postgraphile/utils";
import { asText } from "../sockets/topics.ts";

/** `subscription { availabilityChanged(calendarId: …) { days } }` (SCH-07): what the stream over HTTP says (server/live). */
export const AvailabilitySubscriptionPlugin: GraphileConfig.Plugin = extendSchema({
  typeDefs: gql`
    extend type Subscription {
      """
      The times that a calendar offers may have changed: ask for them again. For whoever may list the calendar; the times of
      a public one are told to visitors at GET /v1/public/availability/live. What only the passing of time takes away is not
      told. Ends when the calendar is switched off, after a last change.
      """
      availabilityChanged(
        """The calendar, by its id."""
        calendarId: UUID!
      ): AvailabilityChange!
    }

    """The times of some days may have changed."""
    type AvailabilityChange {
      """The days, on the calendar's clocks. Null when the times of any day may have changed."""
      days: [Date!]
    }
  `,
  objects: {
    Subscription: {
      plans: {
        availabilityChanged: {
          subscribePlan(_$root: Step, args: FieldArgs) {
            const $topic = lambda(args.getRaw("calendarId"), (calendarId) =>
              asText({ kind: "calendar", calendarId: calendarId as string }),
            );
            return listen(context().get("arrivals"), $topic);
          },
          plan: ($announced: Step) => $announced,
        },
      },
    },
    AvailabilityChange: { plans: { days: ($announced: Step) => get($announced, "days") } },
  },
});
