import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { bookingTokenBody } from "./guest_booking.ts";
import { jsonBody } from "./json_body.ts";
import { askingOneRow, noStore } from "./one_row.ts";
import { availabilityQuery, slotsSql } from "./public_booking.ts";
import { daysQuery, daysSql, nextQuery, nextSql } from "./public_clinic.ts";
import { parseInput } from "./read_input.ts";

/**
 * `POST /v1/public/bookings/times`, `/times/days` and `/times/next` (APT-05): what `/v1/public/availability` answers, to whoever moves a
 * booking, also at a clinic that takes no new ones (BIL-05). The token stands in the body, because paths are logged.
 */
export const timesToMoveBody = availabilityQuery.extend(bookingTokenBody.shape);
export const daysToMoveBody = daysQuery.extend(bookingTokenBody.shape);
export const nextToMoveBody = nextQuery.extend(bookingTokenBody.shape);

export function timesToMove(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();
  const ask = askingOneRow(pool);
  const reads = [noStore, jsonBody, ...entering];

  router.post("/bookings/times", reads, async (request: Request, response: Response) => {
    const { calendar, from, to, specialist, token } = parseInput(timesToMoveBody, request.body);
    response.json({ slots: await ask(request, slotsSql, [calendar, from, to, specialist ?? null, token]) });
  });

  router.post("/bookings/times/days", reads, async (request: Request, response: Response) => {
    const { calendar, from, to, specialist, token } = parseInput(daysToMoveBody, request.body);
    response.json({ days: await ask(request, daysSql, [calendar, from, to, specialist ?? null, token]) });
  });

  router.post("/bookings/times/next", reads, async (request: Request, response: Response) => {
    const { calendar, count, specialist, token } = parseInput(nextToMoveBody, request.body);
    response.json({ slots: await ask(request, nextSql, [calendar, count, specialist ?? null, token]) });
  });

  return router;
}
