import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { settingsOf } from "../identity/session.ts";
import { camelKeys } from "./camel_keys.ts";
import { underPermit } from "./held_permit.ts";
import { jsonBody } from "./json_body.ts";
import { parseInput } from "./read_input.ts";
import { asCaller } from "./transaction.ts";

const day = z.iso.date();
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** `POST /v1/public/waitlist` (SCH-10): which times suit, and whom to write to. What they may be, the database says. */
export const waitlistBody = z.strictObject({
  calendar: z.uuid().meta({ description: "The calendar's id." }),
  specialist: z.uuid().optional().meta({ description: "With whom, where the visitor picks one." }),
  from: day.meta({ description: "The first day that suits, on the calendar's clocks." }),
  to: day.meta({ description: "The last day that suits, at most 366 days from now." }),
  weekdays: z
    .array(z.int().min(1).max(7))
    .min(1)
    .max(7)
    .optional()
    .meta({ description: "Which days of the week suit: 1 is Monday, 7 Sunday. All, where it is left out." }),
  earliest: time.optional().meta({ description: "From which time of the day on it may begin: `09:00`." }),
  latest: time.optional().meta({ description: "Until which time of the day it may begin." }),
  givenName: z.string().trim().min(1).max(1_000),
  familyName: z.string().trim().min(1).max(1_000),
  email: z.string().regex(/@/).max(1_000).meta({ format: "idn-email" }),
  phone: z
    .string()
    .max(1_000)
    .meta({ description: "As people write it; in the clinic's country without +." }),
  locale: z.enum(["ro", "en"]).optional(),
});

export const waitlistAnswer = z.object({
  waitlistEntryId: z.uuid(),
  token: z
    .string()
    .nullable()
    .meta({ description: "Leaves the list again; shown once, null where it was shown before." }),
  status: z.string().meta({ description: "waiting, offered, taken, left or expired." }),
});

/** `POST /v1/public/waitlist/leave` and `/offers/take`: the token stands in the body, because paths are logged. */
export const leaveBody = z.strictObject({
  token: z.string().min(16).max(200).meta({ description: "That of the entry, or of an offer." }),
});
export const offerBody = z.strictObject({
  token: z
    .string()
    .min(16)
    .max(200)
    .meta({ description: "What stands behind `#offer=` in the message's link." }),
});

/** Waiting for a time without an account (SCH-10): each path is one function of the database. */
export function publicWaitlist(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();
  const isWrite: RequestHandler = (_request, response, next) => {
    response.locals.writes = true;
    response.setHeader("Cache-Control", "no-store");
    next();
  };
  const writes = [isWrite, jsonBody, ...entering];

  /** A path that checks a body, calls a function with what stands in it, and answers the one row that comes back. */
  function post<Body>(
    path: string,
    status: number,
    schema: z.ZodType<Body>,
    sql: string,
    values: (body: Body) => unknown[],
  ): void {
    router.post(path, writes, async (request: Request, response: Response) => {
      const body = parseInput(schema, request.body);
      const { rows } = await underPermit(request, () =>
        asCaller(pool, settingsOf(request), (client) =>
          client.query<{ answer: Record<string, unknown> }>(sql, values(body)),
        ),
      );
      response.status(status).json(camelKeys(rows[0]?.answer));
    });
  }

  post(
    "/waitlist",
    201,
    waitlistBody,
    `select to_jsonb(receipt) as answer
     from app_public.join_waitlist(
       calendar_id => $1, specialist_id => $2, starts_on => $3, ends_on => $4, weekdays => $5, earliest => $6, latest => $7,
       given_name => $8, family_name => $9, email => $10, phone => $11, locale => $12) as receipt`,
    (body) => [
      body.calendar,
      body.specialist ?? null,
      body.from,
      body.to,
      body.weekdays ?? null,
      body.earliest ?? null,
      body.latest ?? null,
      body.givenName,
      body.familyName,
      body.email,
      body.phone,
      body.locale ?? null,
    ],
  );
  post(
    "/waitlist/leave",
    200,
    leaveBody,
    "select to_jsonb(receipt) as answer from app_public.leave_waitlist($1) as receipt",
    ({ token }) => [token],
  );
  post(
    "/offers/take",
    200,
    offerBody,
    "select to_jsonb(hold) as answer from app_public.take_offer($1) as hold",
    ({ token }) => [token],
  );
  return router;
}
