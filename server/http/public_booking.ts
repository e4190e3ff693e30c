import { Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { Refusal } from "../errors/refusal.ts";
import { settingsOf } from "../identity/session.ts";
import { jsonBody } from "./json_body.ts";
import { asCaller } from "./transaction.ts";

const instant = z.iso.datetime({ offset: true });

/** `GET /v1/public/availability` (APT-05). The database says how long a window may be. */
export const availabilityQuery = z.strictObject({
  calendar: z.uuid().meta({ description: "The calendar's id." }),
  from: instant.meta({ description: "First instant of the window, included." }),
  to: instant.meta({ description: "End of the window, not included; at most 62 days after `from`." }),
  specialist: z.uuid().optional().meta({ description: "Only this specialist, where the visitor picks one." }),
});

const slot = z.object({
  startsAt: instant,
  endsAt: instant,
  localStart: z.string().meta({ description: "The start as clocks show it in the calendar's zone." }),
  specialistIds: z.array(z.uuid()).meta({ description: "Who is free then, where the visitor picks one." }),
});

export const availabilityAnswer = z.object({ slots: z.array(slot) });

/** `POST /v1/public/bookings` (APT-05): what a guest leaves behind the hold of a slot. */
export const bookingBody = z.strictObject({
  holdToken: z.string().min(16).max(200).meta({ description: "What `holdSlot` answered with." }),
  givenName: z.string().trim().min(1).max(100),
  familyName: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  phone: z.string().trim().min(5).max(30),
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
  respondBy: instant.meta({ description: "When the request ends if the clinic has not answered." }),
});

/** Booking without an account (APT-05): two paths, each one function of the database. */
export function publicBooking(pool: Pool): Router {
  const router = Router();

  router.get("/availability", async (request, response) => {
    const query = parseInput(availabilityQuery, request.query);
    const { rows } = await asCaller(pool, settingsOf(request), (client) =>
      client.query<{ slot: Record<string, unknown> }>(
        `select to_jsonb(slot) as slot
         from app_public.available_slots(calendar_id => $1, "from" => $2, "to" => $3, specialist_id => $4) as slot`,
        [query.calendar, query.from, query.to, query.specialist ?? null],
      ),
    );
    response.setHeader("Cache-Control", "no-store");
    response.json({ slots: rows.map((row) => camelKeys(row.slot)) });
  });

  router.post("/bookings", jsonBody, async (request, response) => {
    const body = parseInput(bookingBody, request.body);
    const { rows } = await asCaller(pool, settingsOf(request), (client) =>
      client.query<{ booking: Record<string, unknown> | null }>(
        `select to_jsonb(booking) as booking
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
      ),
    );
    response.setHeader("Cache-Control", "no-store");
    response.status(201).json(camelKeys(rows[0]?.booking));
  });

  return router;
}

/** Names the first field that does not fit, never what stood in it. */
function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    const [field = ""] = issue.keys;
    throw new Refusal("VALIDATION", "field_unknown", {
      details: { field },
      hint: `${field} is not known here.`,
    });
  }
  const field = issue?.path.join(".") || "body";
  throw new Refusal("VALIDATION", "field_invalid", {
    details: { field },
    hint: `${field} does not fit: ${issue?.message ?? "invalid"}.`,
  });
}

/** JSON of the HTTP paths spells names as GraphQL does. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      camelKeys(inner),
    ]),
  );
}
