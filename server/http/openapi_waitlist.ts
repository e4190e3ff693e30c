import { answer, body, jsonSchema, refusals } from "./openapi_parts.ts";
import { leaveBody, offerBody, waitlistAnswer, waitlistBody } from "./public_waitlist.ts";

/** Waiting for a time, in OpenAPI (SCH-10). */
export function waitlistPaths(parameters: object[]): Record<string, object> {
  return {
    "/v1/public/waitlist": {
      post: {
        operationId: "joinWaitlist",
        summary:
          "Waits for a time of a calendar: what suits is offered by a message with a link, in the order of joining (SCH-10).",
        parameters,
        requestBody: body("WaitlistRequest"),
        responses: {
          201: answer("They wait.", "WaitlistEntry"),
          ...refusals(400, 401, 404, 409, 413, 415, 422, 429, 503),
        },
      },
    },
    "/v1/public/waitlist/leave": {
      post: {
        operationId: "leaveWaitlist",
        summary: "Waits no more; what was kept goes to the next (SCH-10).",
        requestBody: body("WaitlistToken"),
        responses: {
          200: answer("How the entry stands; the same when it is asked again.", "WaitlistEntry"),
          ...refusals(400, 401, 404, 413, 415, 429, 503),
        },
      },
    },
    "/v1/public/offers/take": {
      post: {
        operationId: "takeOffer",
        summary: "Takes a time that the waitlist offered: a hold like any other (SCH-10).",
        parameters,
        requestBody: body("OfferToken"),
        responses: {
          200: answer("The time is kept until expiresAt.", "Hold"),
          ...refusals(400, 401, 404, 410, 413, 415, 422, 429, 503),
        },
      },
    },
  };
}

export const waitlistSchemas = {
  WaitlistRequest: jsonSchema(waitlistBody, "input"),
  WaitlistEntry: jsonSchema(waitlistAnswer, "output"),
  WaitlistToken: jsonSchema(leaveBody, "input"),
  OfferToken: jsonSchema(offerBody, "input"),
};
