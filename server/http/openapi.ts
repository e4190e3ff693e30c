import { z } from "zod";
import { liveEvent, liveQuery } from "../live/event_streams.ts";
import { consentsAnswer } from "./consents.ts";
import { documentPaths, documentSchemas } from "./openapi_documents.ts";
import { exerciseSessionPathsDocument, exerciseSessionSchemas } from "./openapi_exercise_sessions.ts";
import { exercisePathsDocument, exerciseSchemas } from "./openapi_exercises.ts";
import { guestBookingPaths, guestBookingSchemas } from "./openapi_guest_booking.ts";
import {
  answer,
  body,
  idempotencyKey,
  jsonSchema,
  parametersOf,
  refusals,
  visitorId,
} from "./openapi_parts.ts";
import { publicClinicPaths, publicClinicSchemas } from "./openapi_public_clinic.ts";
import {
  serviceAccountPathsDocument,
  serviceAccountSchemas,
  serviceKeyScheme,
} from "./openapi_service_accounts.ts";
import { signingPaths, signingSchemas } from "./openapi_signing.ts";
import { waitlistPaths, waitlistSchemas } from "./openapi_waitlist.ts";
import {
  availabilityAnswer,
  availabilityQuery,
  bookingAnswer,
  bookingBody,
  holdAnswer,
  holdBody,
  holdMoveBody,
  holdTokenBody,
} from "./public_booking.ts";
import { LARGEST_DELIVERY } from "./webhooks.ts";

const refusal = z
  .object({
    errors: z.array(
      z.object({
        message: z.string(),
        extensions: z.object({
          code: z.string(),
          reason: z.string(),
          details: z.record(z.string(), z.unknown()).optional(),
          hint: z.string().optional(),
        }),
      }),
    ),
  })
  .meta({ description: "Codes and reasons: docs/error-codes.md." });

/** The HTTP paths as OpenAPI 3.1, from the same schemas that check what comes in (FND-29). */
export function openApiDocument(): { paths: Record<string, object> } & Record<string, unknown> {
  return {
    openapi: "3.1.0",
    info: {
      title: "RestartiX HTTP paths",
      version: "1.0.0",
      description:
        "Doors for booking widgets, signing pages and vendors, thin over the same functions as the GraphQL API at /graphql.",
    },
    paths: {
      "/v1/public/availability": {
        get: {
          operationId: "getAvailability",
          summary: "Free slots of a public calendar (APT-05).",
          parameters: parametersOf(availabilityQuery),
          responses: {
            200: answer("The free slots, earliest first.", "Availability"),
            ...refusals(400, 401, 404, 429, 503),
          },
        },
      },
      "/v1/public/availability/live": {
        get: {
          operationId: "watchAvailability",
          summary: "What changes of a public calendar's times, as server-sent events (SCH-07).",
          description:
            "First an event `ready`, then `changed` within a second of a hold, a booking, a release or an edit of schedules: " +
            "ask for availability again. A client that comes again with the id of the last event hears what it missed, of any " +
            "process, for five minutes; after that, and when the server could not know, `days` is null. The stream ends when " +
            "the server stops (come again) and when the calendar is public no more (then it is 404).",
          parameters: [
            ...parametersOf(liveQuery),
            {
              name: "Last-Event-ID",
              in: "header",
              required: false,
              description: "The id of the last event; EventSource sends it by itself.",
              schema: { type: "string" },
            },
          ],
          responses: {
            200: {
              description: "Events until one side ends it; `data` is a LiveEvent.",
              content: { "text/event-stream": { schema: { type: "string" } } },
            },
            ...refusals(400, 401, 404, 429, 503),
          },
        },
      },
      ...publicClinicPaths,
      "/v1/public/holds": {
        post: {
          operationId: "holdSlot",
          summary: "Keeps a free time for a few minutes (APT-05, SCH-06).",
          parameters: [visitorId, idempotencyKey],
          requestBody: body("HoldRequest"),
          responses: {
            201: answer("The time is kept.", "Hold"),
            ...refusals(400, 401, 404, 409, 413, 415, 422, 429, 503),
          },
        },
      },
      "/v1/public/holds/extend": {
        post: {
          operationId: "extendHold",
          summary: "Keeps it longer, at most twice the clinic's hold time (SCH-06).",
          requestBody: body("HoldToken"),
          responses: {
            200: answer("The time is kept until expiresAt.", "Hold"),
            ...refusals(400, 401, 404, 410, 413, 415, 429, 503),
          },
        },
      },
      "/v1/public/holds/move": {
        post: {
          operationId: "moveHold",
          summary: "Changes it to another time, in one step (SCH-06).",
          parameters: [visitorId, idempotencyKey],
          requestBody: body("HoldMove"),
          responses: {
            200: answer("The new time is kept, the old one is free.", "Hold"),
            ...refusals(400, 401, 404, 409, 410, 413, 415, 422, 429, 503),
          },
        },
      },
      "/v1/public/holds/release": {
        post: {
          operationId: "releaseHold",
          summary: "Gives a held time back (SCH-06).",
          requestBody: body("HoldToken"),
          responses: {
            204: { description: "Others may take the time." },
            ...refusals(400, 401, 404, 410, 413, 415, 429, 503),
          },
        },
      },
      "/v1/public/bookings": {
        post: {
          operationId: "requestBooking",
          summary: "Turns a held slot into a booking request that the clinic confirms (APT-05, APT-09).",
          parameters: [visitorId, idempotencyKey],
          requestBody: body("BookingRequest"),
          responses: {
            201: answer("The request, waiting for the clinic.", "Booking"),
            ...refusals(400, 401, 404, 409, 410, 413, 415, 422, 429, 503),
          },
        },
      },
      ...guestBookingPaths,
      ...waitlistPaths([visitorId, idempotencyKey]),
      "/v1/calendar-feeds/{token}.ics": {
        get: {
          operationId: "readCalendarFeed",
          summary:
            "A specialist's appointments for calendar programs (APT-08). The address is the whole permission.",
          parameters: [
            {
              name: "token",
              in: "path",
              required: true,
              description: "The secret part of the path that createCalendarFeed answered.",
              schema: { type: "string" },
            },
          ],
          responses: {
            200: {
              description: "The visits of a month back and of half a year ahead, without names.",
              content: { "text/calendar": { schema: { type: "string" } } },
            },
            ...refusals(401, 404, 429, 503),
          },
        },
      },
      ...signingPaths,
      ...documentPaths,
      "/v1/me/consents": {
        get: {
          operationId: "getMyConsents",
          summary:
            "What the caller is asked to accept, and every answer they gave, at every clinic (FND-31, CNS-09).",
          responses: {
            200: answer("The caller's, and of those they care for.", "Consents"),
            ...refusals(401, 429, 503),
          },
          security: [{ session: [] }],
        },
      },
      "/v1/organizations/{id}/patients/{patient_id}/consents": {
        get: {
          operationId: "getPatientConsents",
          summary:
            "The same of a patient, for staff with patients.view; the reading is on record (FND-31, CNS-09).",
          parameters: [
            pathId("id", "The clinic's id."),
            pathId("patient_id", "The patient's id at the clinic."),
          ],
          responses: { 200: answer("The patient's.", "Consents"), ...refusals(400, 401, 403, 404, 429, 503) },
          security: [{ session: [] }],
        },
      },
      ...exercisePathsDocument,
      ...exerciseSessionPathsDocument,
      ...serviceAccountPathsDocument,
      "/v1/webhooks/{provider}": webhookPath("receiveWebhook", []),
      "/v1/webhooks/{provider}/{integrationId}": webhookPath("receiveIntegrationWebhook", [
        {
          name: "integrationId",
          in: "path",
          required: true,
          schema: { type: "string", format: "uuid" },
          description: "The clinic's integration, where the vendor's account is the clinic's own.",
        },
      ]),
    },
    components: {
      securitySchemes: {
        session: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        link: {
          type: "http",
          scheme: "Link",
          description: "The token of a signature link, out of the fragment of its page.",
        },
        kiosk: { type: "http", scheme: "Kiosk", description: "The token of a kiosk." },
        serviceKey: serviceKeyScheme,
      },
      schemas: {
        Availability: jsonSchema(availabilityAnswer, "output"),
        LiveEvent: jsonSchema(liveEvent, "output"),
        HoldRequest: jsonSchema(holdBody, "input"),
        HoldToken: jsonSchema(holdTokenBody, "input"),
        HoldMove: jsonSchema(holdMoveBody, "input"),
        Hold: jsonSchema(holdAnswer, "output"),
        BookingRequest: jsonSchema(bookingBody, "input"),
        Booking: jsonSchema(bookingAnswer, "output"),
        Consents: jsonSchema(consentsAnswer, "output"),
        Refusal: jsonSchema(refusal, "output"),
        ...publicClinicSchemas,
        ...guestBookingSchemas,
        ...signingSchemas,
        ...documentSchemas,
        ...exerciseSchemas,
        ...exerciseSessionSchemas,
        ...serviceAccountSchemas,
        ...waitlistSchemas,
      },
    },
    // A token is never needed here; one that is sent is verified all the same.
    security: [{}, { session: [] }],
  };
}

/** The parameters of a query. */
/** The one shape for all vendors (FND-25); each signs in its own way. */
function webhookPath(operationId: string, parameters: object[]): object {
  return {
    post: {
      operationId,
      summary: "Takes a vendor's signed delivery, once; it is applied afterwards (FND-25).",
      parameters: [
        { name: "provider", in: "path", required: true, schema: { type: "string" } },
        ...parameters,
      ],
      requestBody: {
        required: true,
        description: "As the vendor signs it, of any media type.",
        content: { "*/*": { schema: { type: "string", format: "binary", maxLength: LARGEST_DELIVERY } } },
      },
      responses: { 200: { description: "Taken, now or before." }, ...refusals(400, 401, 404, 409, 413, 503) },
      security: [],
    },
  };
}

function pathId(name: string, description: string): object {
  return { name, in: "path", required: true, schema: { type: "string", format: "uuid" }, description };
}
