import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { isInstant } from "../instant.ts";
import { jsonBody } from "./json_body.ts";
import { askingOneRow, isWrite, noStore } from "./one_row.ts";
import { parseInput } from "./read_input.ts";

export const instant = z.iso.datetime({ offset: true });
/** What the API takes for an instant: see readInstant. */
export const givenInstant = instant.refine(isInstant, {
  error: "Write an instant in the years 0001 to 9999",
});

/** `GET /v1/public/availability` (APT-05). The database says how long a window may be. */
export const availabilityQuery = z.strictObject({
  calendar: z.uuid().meta({ description: "The calendar's id." }),
  from: givenInstant.meta({ description: "First instant of the window, included." }),
  to: givenInstant.meta({ description: "End of the window, not included; at most 62 days after `from`." }),
  specialist: z.uuid().optional().meta({ description: "Only this specialist, where the visitor picks one." }),
});

const slot = z.object({
  startsAt: instant,
  endsAt: instant,
  localStart: z.string().meta({ description: "The start as clocks show it in the calendar's zone." }),
  specialistIds: z.array(z.uuid()).meta({ description: "Who is free then, where the visitor picks one." }),
  specialistEndsAt: z
    .array(instant)
    .nullable()
    .meta({ description: "Where lengths differ: when each of specialistIds would end, in their order." }),
  seatsLeft: z
    .int()
    .nullable()
    .meta({ description: "In a calendar of groups: how many more can be booked at this start." }),
});

export const availabilityAnswer = z.object({ slots: z.array(slot) });

/** Of a calendar, from, to, a specialist or null, and the token of a booking that is moved or null. */
export const slotsSql = `
  select coalesce(jsonb_agg(to_jsonb(slot) order by slot.starts_at), '[]') as answer
  from app_public.available_slots(
    calendar_id => $1, "from" => $2, "to" => $3, specialist_id => $4, booking_token => $5) as slot`;

/** `POST /v1/public/bookings` (APT-05): what a guest leaves behind the hold of a slot. */
export const bookingBody = z.strictObject({
  holdToken: z.string().min(16).max(200).meta({ description: "What `holdSlot` answered with." }),
  // What a name, an address and a number are, the database says; here only that there is one, and no book.
  givenName: z.string().trim().min(1).max(1_000),
  familyName: z.string().trim().min(1).max(1_000),
  email: z.string().regex(/@/).max(1_000).meta({ format: "idn-email" }),
  phone: z
    .string()
    .max(1_000)
    .meta({ description: "As people write it; in the clinic's country without +." }),
  message: z.string().trim().max(2_000).optional(),
  locale: z.enum(["ro", "en"]).optional(),
});

export const bookingAnswer = z.object({
  bookingRequestId: z.uuid(),
  token: z.string().meta({ description: "Reads and withdraws the request; shown this once." }),
  status: z.string(),
  serviceName: z.string(),
  specialistName: z.string().nullable(),
  startsAt: instant,
  endsAt: instant,
  timezone: z.string(),
  respondBy: instant.nullable().meta({
    description:
      "When the request ends if the clinic has not answered; null where the time is too near to promise an answer.",
  }),
});

/** `POST /v1/public/holds` (APT-05, SCH-06): a time that is kept while the guest fills the form. */
export const holdBody = z.strictObject({
  calendar: z.uuid().meta({ description: "The calendar's id." }),
  startsAt: givenInstant.meta({ description: "A start that availability lists." }),
  specialist: z.uuid().optional().meta({ description: "This specialist, where the visitor picks one." }),
});

/** `POST /v1/public/holds/extend` and `/release`: the token stands in the body, because paths are logged. */
export const holdTokenBody = z.strictObject({
  token: z.string().min(16).max(200).meta({ description: "What the hold was answered with." }),
});

/** `POST /v1/public/holds/move`: another time under the same token. */
export const holdMoveBody = holdTokenBody.extend({
  startsAt: instant.meta({ description: "Another start of the same calendar that availability lists." }),
  specialist: z.uuid().optional().meta({ description: "This specialist, where the visitor picks one." }),
});

export const holdAnswer = z.object({
  token: z.string().meta({ description: "Extends, releases or books the time." }),
  calendarId: z.uuid(),
  specialistId: z.uuid(),
  startsAt: instant,
  endsAt: instant,
  expiresAt: instant.meta({ description: "Until when the time is kept." }),
});

/**
 * Booking without an account (APT-05): each path is one function of the database. `entering` lets a request
 * into the database once it has been read.
 */
export function publicBooking(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();

  const ask = askingOneRow(pool);
  const writes = [isWrite, noStore, jsonBody, ...entering];

  router.get("/availability", entering, async (request: Request, response: Response) => {
    const query = parseInput(availabilityQuery, request.query);
    const slots = await ask(request, slotsSql, [
      query.calendar,
      query.from,
      query.to,
      query.specialist ?? null,
      null,
    ]);
    response.setHeader("Cache-Control", "no-store");
    response.json({ slots });
  });

  router.post("/holds", writes, async (request: Request, response: Response) => {
    const { calendar, startsAt, specialist } = parseInput(holdBody, request.body);
    const hold = await ask(
      request,
      `select to_jsonb(hold) as answer
       from app_public.hold_slot(calendar_id => $1, starts_at => $2, specialist_id => $3) as hold`,
      [calendar, startsAt, specialist ?? null],
    );
    response.status(201).json(hold);
  });

  router.post("/holds/extend", writes, async (request: Request, response: Response) => {
    const { token } = parseInput(holdTokenBody, request.body);
    response.json(
      await ask(request, "select to_jsonb(hold) as answer from app_public.extend_hold($1) as hold", [token]),
    );
  });

  router.post("/holds/move", writes, async (request: Request, response: Response) => {
    const { token, startsAt, specialist } = parseInput(holdMoveBody, request.body);
    response.json(
      await ask(
        request,
        `select to_jsonb(hold) as answer
         from app_public.move_hold(token => $1, starts_at => $2, specialist_id => $3) as hold`,
        [token, startsAt, specialist ?? null],
      ),
    );
  });

  router.post("/holds/release", writes, async (request: Request, response: Response) => {
    const { token } = parseInput(holdTokenBody, request.body);
    await ask(request, "select null::jsonb as answer from app_public.release_hold($1)", [token]);
    response.status(204).end();
  });

  router.post("/bookings", writes, async (request: Request, response: Response) => {
    const body = parseInput(bookingBody, request.body);
    const booking = await ask(
      request,
      `select to_jsonb(booking) as answer
       from app_public.request_booking(hold_token => $1, given_name => $2, family_name => $3, email => $4,
                                       phone => $5, message => $6, locale => $7) as booking`,
      [
        body.holdToken,
        body.givenName,
        body.familyName,
        body.email,
        body.phone,
        body.message ?? null,
        body.locale ?? null,
      ],
    );
    response.status(201).json(booking);
  });

  return router;
}
