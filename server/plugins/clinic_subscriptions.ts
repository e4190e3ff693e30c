import "postgraphile";
import { context, type FieldArgs, get, lambda, listen, type Step } from "grafast";
import { parse } from "grafast/graphql";
import { extendSchema } from "postgraphile/utils";
import { asText } from "../sockets/topics.ts";

/** What staff can watch at their clinic: a row for each. The subject is that of its events, the permission that of its policies. */
const watched = [
  {
    field: "appointmentChanged",
    answer: "AppointmentChange",
    type: "Appointment",
    name: "appointment",
    subject: "appointment",
    table: "appointments",
    permission: "appointments.view",
    description:
      "Every appointment that is made, moves, or is changed at a clinic: its state, time, specialist or patient.",
  },
  {
    field: "bookingRequestChanged",
    answer: "BookingRequestChange",
    type: "BookingRequest",
    name: "bookingRequest",
    subject: "booking_request",
    table: "booking_requests",
    permission: "appointments.view",
    description: "Every booking request that arrives at a clinic, is answered, withdrawn, or expires.",
  },
];

/**
 * `subscription { appointmentChanged(organizationId: …) { … } }` (FND-15, SCH-12): what is announced are ids out of the
 * ledger of events; the row is read with the caller's rights at that moment.
 */
export const ClinicSubscriptionsPlugin: GraphileConfig.Plugin = extendSchema((build) => ({
  typeDefs: watched.map(({ field, answer, type, name, permission, description }) => {
    const text = `${description} Needs ${permission}, and ends when that does. After an interruption, ask for what may have been missed.`;
    return parse(`
      extend type Subscription {
        """${text}"""
        ${field}(
          """The clinic, by its id."""
          organizationId: UUID!

          """Only what is this specialist's, or was before the change."""
          specialistId: UUID
        ): ${answer}!
      }
      """Something that happened to one row, and the row as it is now."""
      type ${answer} {
        """The event, by its id: whoever hears of it twice knows by that."""
        eventId: UUID!

        """The row, by its id."""
        ${name}Id: UUID!

        """The row as it is now. Null when it was removed, or is not yours to see any more."""
        ${name}: ${type}
      }
    `);
  }),
  objects: Object.fromEntries([
    [
      "Subscription",
      {
        plans: Object.fromEntries(
          watched.map(({ field, subject, permission }) => [
            field,
            {
              subscribePlan(_$root: Step, args: FieldArgs) {
                const $topic = lambda(
                  [args.getRaw("organizationId"), args.getRaw("specialistId")] as const,
                  ([organizationId, specialistId]) =>
                    asText({
                      kind: "clinic",
                      subject,
                      permission,
                      organizationId: organizationId as string,
                      specialistId: (specialistId as string | undefined) ?? null,
                    }),
                );
                return listen(context().get("arrivals"), $topic);
              },
              plan: ($announced: Step) => $announced,
            },
          ]),
        ),
      },
    ],
    ...watched.map(({ answer, name, table }) => {
      const rows = build.pgResources[table];
      if (!rows) throw new Error(`the table app_public.${table} is not exposed`);
      return [
        answer,
        {
          plans: {
            eventId: ($announced: Step) => get($announced, "id"),
            [`${name}Id`]: ($announced: Step) => get($announced, "subjectId"),
            [name]: ($announced: Step) => rows.get({ id: get($announced, "subjectId") }),
          },
        },
      ];
    }),
  ]),
}));
