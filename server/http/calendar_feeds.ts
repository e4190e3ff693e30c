import { type Request, type RequestHandler, type Response, Router } from "express";
import { ICalCalendar, ICalEventStatus } from "ical-generator";
import type { Pool } from "pg";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { settingsOf } from "../identity/session.ts";
import { underPermit } from "./held_permit.ts";
import { asCaller } from "./transaction.ts";

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What app_hidden.read_calendar_feed answers. */
const feed = z.object({
  name: z.string(),
  timezone: z.string(),
  clinic: z.string(),
  entries: z.array(
    z.object({
      id: z.uuid(),
      startsAt: instant,
      endsAt: instant,
      changedAt: instant,
      serviceName: z.string(),
      modality: z.enum(["in_person", "video", "phone"]),
      initials: z.string().nullable(),
    }),
  ),
});

/**
 * A specialist's appointments for calendar programs (APT-08). The address is the whole permission, since such programs send
 * nothing else; an address that is none, was revoked, or whose maker has left the clinic is 404. Times are in UTC.
 */
export function calendarFeeds(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();
  const named: RequestHandler = (_request, response, next) => {
    response.locals.path = "/v1/calendar-feeds/{token}.ics";
    next();
  };

  router.get("/:token.ics", named, entering, async (request: Request, response: Response) => {
    const { rows } = await underPermit(request, () =>
      asCaller(
        pool,
        settingsOf(request),
        (client) =>
          client.query<{ answer: unknown }>("select app_hidden.read_calendar_feed($1) as answer", [
            request.params.token,
          ]),
        { readOnly: true },
      ),
    );
    if (!rows[0]?.answer) throw new Refusal("NOT_FOUND", "calendar_feed_not_found");
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("Content-Disposition", "inline");
    response.type("text/calendar").send(calendarOf(feed.parse(rows[0].answer)));
  });

  return router;
}

function calendarOf({ name, timezone, clinic, entries }: z.output<typeof feed>): string {
  const calendar = new ICalCalendar({
    prodId: { company: "RestartiX", product: "Appointments" },
    name,
    ttl: 15 * 60, // how often programs should ask, in seconds
    x: [{ key: "X-WR-TIMEZONE", value: timezone }],
  });
  for (const { id, startsAt, endsAt, changedAt, serviceName, modality, initials } of entries)
    calendar.createEvent({
      id,
      stamp: changedAt,
      lastModified: changedAt,
      start: startsAt,
      end: endsAt,
      summary: [initials, serviceName].filter(Boolean).join(", "),
      ...(modality === "in_person" ? { location: clinic } : {}),
      status: ICalEventStatus.CONFIRMED,
    });
  return calendar.toString();
}
