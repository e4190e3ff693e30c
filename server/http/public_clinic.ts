import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { askingOneRow } from "./one_row.ts";
import { availabilityQuery } from "./public_booking.ts";
import { parseInput } from "./read_input.ts";

/** `GET /v1/public/clinic` (APT-05). */
export const clinicQuery = z.strictObject({
  slug: z.string().max(100).meta({ description: "The clinic's short name in addresses: atlas-recuperare." }),
});

const modality = z.enum(["in_person", "video", "phone"]);
const texts = z.object({ name: z.string().optional(), description: z.string().optional() }).optional();
const translations = z
  .looseObject({ ro: texts, en: texts })
  .meta({ description: "By language, what is written in it besides." });

const service = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string().nullable(),
  translations,
  durationMinutes: z.int(),
  priceAmount: z.int().meta({ description: "In minor units of currency." }),
  currency: z.string(),
  modality,
});

const specialist = z.object({
  id: z.uuid(),
  title: z.string().nullable(),
  givenName: z.string(),
  familyName: z.string(),
  specialties: z.array(z.string()),
});

const calendar = z.object({
  id: z.uuid(),
  serviceId: z.uuid(),
  name: z.string(),
  translations,
  timezone: z.string().meta({ description: "Whose clocks its times are told by." }),
  modality,
  assignmentStrategy: z
    .enum(["round_robin", "priority", "specific"])
    .meta({ description: "specific: the visitor picks a specialist; else the clinic assigns one." }),
  allowsAnySpecialist: z
    .boolean()
    .meta({ description: "Whether the visitor may leave the specialist open." }),
  durationMinutes: z.int(),
  priceAmount: z.int().meta({ description: "In minor units of currency." }),
  currency: z.string(),
  specialists: z.array(specialist).meta({ description: "Whom the visitor can pick; else nobody." }),
  capacity: z
    .int()
    .meta({ description: "How many can be booked at one start; a group, where more than one." }),
});

export const clinicAnswer = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  locale: z.enum(["ro", "en"]),
  timezone: z.string(),
  currency: z.string(),
  contactEmail: z.string().nullable(),
  contactPhone: z.string().nullable().meta({ description: "In E.164." }),
  street: z.string().nullable(),
  city: z.string().nullable(),
  services: z.array(service),
  calendars: z.array(calendar),
});

/** `GET /v1/public/availability/days`: which days of a month can be clicked. */
export const daysQuery = availabilityQuery.extend({
  from: z.iso.date().meta({ description: "First day, included, on the calendar's clocks." }),
  to: z.iso.date().meta({ description: "End, not included; at most 62 days after `from`." }),
});
export const daysAnswer = z.object({
  days: z.array(z.iso.date()).meta({ description: "Those on which at least one time is free." }),
});

/** `GET /v1/public/availability/next`: the next free times, without guessing a window. */
export const nextQuery = availabilityQuery.pick({ calendar: true, specialist: true }).extend({
  count: z.coerce.number().int().min(1).max(50).default(1).meta({ description: "How many, at most." }),
});

/** As slotsSql, of civil days. */
export const daysSql = `
  select coalesce(jsonb_agg(day order by day), '[]') as answer
  from app_public.available_days(
    calendar_id => $1, "from" => $2, "to" => $3, specialist_id => $4, booking_token => $5) as day`;

/** Of a calendar, how many, a specialist or null, and the token of a booking that is moved or null. */
export const nextSql = `
  select coalesce(jsonb_agg(to_jsonb(slot) order by slot.starts_at), '[]') as answer
  from app_public.next_available(calendar_id => $1, n => $2, specialist_id => $3, booking_token => $4) as slot`;

/** What a booking page reads before anything is kept (APT-05): each path is one function of the database. */
export function publicClinic(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();

  const ask = askingOneRow(pool);

  router.get("/clinic", entering, async (request: Request, response: Response) => {
    const { slug } = parseInput(clinicQuery, request.query);
    const clinic = await ask(
      request,
      "select to_jsonb(clinic) as answer from app_public.clinic_by_slug($1) as clinic where clinic.id is not null",
      [slug],
    );
    if (!clinic) throw new Refusal("NOT_FOUND", "organization_not_found");
    response.json(clinic);
  });

  router.get("/availability/days", entering, async (request: Request, response: Response) => {
    const { calendar, from, to, specialist } = parseInput(daysQuery, request.query);
    response.json({ days: await ask(request, daysSql, [calendar, from, to, specialist ?? null, null]) });
  });

  router.get("/availability/next", entering, async (request: Request, response: Response) => {
    const { calendar, count, specialist } = parseInput(nextQuery, request.query);
    response.json({ slots: await ask(request, nextSql, [calendar, count, specialist ?? null, null]) });
  });

  return router;
}
