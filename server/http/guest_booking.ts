import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { jsonBody } from "./json_body.ts";
import { askingOneRow, isWrite, noStore } from "./one_row.ts";
import { givenInstant, instant } from "./public_booking.ts";
import { parseInput } from "./read_input.ts";

/**
 * `POST /v1/public/bookings/read`, `/cancel` and `/move` (APT-05): a token opens one booking. Whatever is none answers alike,
 * whether it is malformed, over or somebody's guess.
 */
export const bookingTokenBody = z.strictObject({
  token: z
    .string()
    .transform((token) => (token.includes("\0") ? "" : token))
    .meta({
      description: "What the request was answered with, or what stands behind # in a message's link.",
    }),
});

export const bookingCancelBody = bookingTokenBody.extend({
  reason: z.string().trim().max(500).optional().meta({ description: "Why, for the clinic to read." }),
});

export const bookingMoveBody = bookingTokenBody.extend({
  startsAt: givenInstant.meta({ description: "Another start of the same calendar that availability lists." }),
  specialist: z
    .uuid()
    .optional()
    .meta({ description: "This specialist, where the visitor picks one; the same one where left out." }),
});

const modality = z.enum(["in_person", "video", "phone"]);

export const guestBookingAnswer = z.object({
  bookingRequestId: z.uuid(),
  status: z.enum(["requested", "confirmed", "rejected", "expired", "withdrawn"]),
  appointment: z
    .object({
      status: z.enum(["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"]),
      startsAt: instant,
      endsAt: instant,
      specialistName: z.string(),
      modality,
      isLateCancellation: z.boolean().nullable(),
      cancellationReason: z.string().nullable(),
    })
    .nullable()
    .meta({ description: "The appointment, once the clinic has confirmed." }),
  calendarId: z.uuid(),
  specialistId: z.uuid().nullable().meta({ description: "Where the visitor picks one." }),
  serviceName: z.string(),
  specialistName: z.string(),
  modality,
  startsAt: instant.meta({ description: "As it stands now." }),
  endsAt: instant,
  timezone: z.string(),
  locale: z.enum(["ro", "en"]).meta({ description: "The language that the guest booked in." }),
  clinic: z.object({
    slug: z.string(),
    name: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    locale: z.enum(["ro", "en"]),
  }),
  mayCancel: z.boolean(),
  mayMove: z.boolean(),
  cancelFreelyUntil: instant
    .nullable()
    .meta({ description: "Until when an appointment is called off without being late." }),
  moveUntil: instant.nullable().meta({ description: "Until when an appointment can be moved." }),
  respondBy: instant
    .nullable()
    .meta({ description: "Until when the clinic answers a request; null where it promises nothing." }),
  rejectionReason: z.string().nullable(),
});

/** A guest's booking behind its link (APT-05). `entering` lets a request into the database once it has been read. */
export function guestBooking(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();
  const ask = askingOneRow(pool);
  const writes = [isWrite, noStore, jsonBody, ...entering];

  /** A token that opens nothing is refused as a verb refuses it. */
  router.post(
    "/bookings/read",
    [noStore, jsonBody, ...entering],
    async (request: Request, response: Response) => {
      const { token } = parseInput(bookingTokenBody, request.body);
      const sql = "select to_jsonb(app_public.booking_by_token($1)) as answer";
      const booking = await ask(request, sql, [token]);
      if (!booking) throw new Refusal("NOT_FOUND", "booking_not_found");
      response.json(booking);
    },
  );

  router.post("/bookings/cancel", writes, async (request: Request, response: Response) => {
    const { token, reason } = parseInput(bookingCancelBody, request.body);
    const sql =
      "select to_jsonb(booking) as answer from app_public.cancel_booking(token => $1, reason => $2) as booking";
    response.json(await ask(request, sql, [token, reason ?? null]));
  });

  router.post("/bookings/move", writes, async (request: Request, response: Response) => {
    const { token, startsAt, specialist } = parseInput(bookingMoveBody, request.body);
    const sql = `select to_jsonb(booking) as answer
      from app_public.move_booking(token => $1, starts_at => $2, specialist_id => $3) as booking`;
    response.json(await ask(request, sql, [token, startsAt, specialist ?? null]));
  });

  return router;
}
