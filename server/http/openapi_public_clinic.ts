import { answer, jsonSchema, parametersOf, refusals } from "./openapi_parts.ts";
import { clinicAnswer, clinicQuery, daysAnswer, daysQuery, nextQuery } from "./public_clinic.ts";

/** What a booking page reads, as OpenAPI. */
export const publicClinicPaths: Record<string, object> = {
  "/v1/public/clinic": {
    get: {
      operationId: "getClinic",
      summary: "A clinic with its services and the calendars that visitors can book (APT-05).",
      parameters: parametersOf(clinicQuery),
      responses: { 200: answer("The clinic.", "Clinic"), ...refusals(400, 401, 404, 429, 503) },
    },
  },
  "/v1/public/availability/days": {
    get: {
      operationId: "getAvailableDays",
      summary: "The days on which a public calendar has free slots (SCH-05).",
      parameters: parametersOf(daysQuery),
      responses: { 200: answer("The days, in order.", "Days"), ...refusals(400, 401, 404, 429, 503) },
    },
  },
  "/v1/public/availability/next": {
    get: {
      operationId: "getNextAvailable",
      summary: "The next free slots of a public calendar, up to its horizon (SCH-05).",
      parameters: parametersOf(nextQuery),
      responses: {
        200: answer("The slots, earliest first; none where the calendar is full.", "Availability"),
        ...refusals(400, 401, 404, 429, 503),
      },
    },
  },
};

export const publicClinicSchemas: Record<string, object> = {
  Clinic: jsonSchema(clinicAnswer, "output"),
  Days: jsonSchema(daysAnswer, "output"),
};
