import { Gauge, type Registry } from "@prometheus-io/client";
import { type Request, type Response, Router } from "express";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { parseInput } from "../http/read_input.ts";
import { limitedAddress } from "../limits/address.ts";
import { Places } from "../limits/places.ts";
import { EventStream } from "./event_stream.ts";
import type { Listings } from "./listings.ts";

/** How many streams there may be, and how long they wait. */
export type StreamLimits = {
  streams: number;
  streamsPerAddress: number;
  beatMs: number;
  /** How long a client may leave unread what was sent to it. */
  unreadMs: number;
  /** How long a transaction may take, so that what it changed is not missed. */
  lookBackMs: number;
};

/** The limits where nothing else is said. */
export const streamLimits: StreamLimits = {
  streams: 5_000,
  // A network of phones, or a clinic, sits behind one address.
  streamsPerAddress: 200,
  beatMs: 14_000,
  unreadMs: 30_000,
  lookBackMs: 30_000,
};

/** `GET /v1/public/availability/live` (SCH-07). */
export const liveQuery = z.strictObject({
  calendar: z.uuid().meta({ description: "The calendar's id." }),
});

export const liveEvent = z.object({
  days: z.array(z.iso.date()).nullable().meta({
    description:
      "Days on the calendar's clocks whose times may have changed; null when those of any day may have. Of `ready`: null, or none where the client came again: what it missed comes as `changed`.",
  }),
});

export type EventStreams = { router: Router; close(): void };

/**
 * What changes of a public calendar's times, as server-sent events, for whoever looks at them: days, never whose they
 * are. Nobody's account counts here: what only staff may list is listened to by the subscription.
 */
export function eventStreams(
  listings: Listings,
  metrics: Registry,
  given: Partial<StreamLimits> = {},
): EventStreams {
  const limits = { ...streamLimits, ...given };
  const { streams: sockets, streamsPerAddress: socketsPerAddress } = limits;
  const places = new Places({ sockets, socketsPerAddress, silentPerAddress: socketsPerAddress });
  const open = new Set<EventStream>();
  let isClosing = false;
  const beating = setInterval(() => {
    for (const stream of open) stream.beat(listings.knownUntil, limits.unreadMs);
  }, limits.beatMs).unref();
  new Gauge({
    name: "restartix_availability_streams",
    help: "Clients that listen to what changes of a calendar's times.",
    registers: [metrics],
    collect() {
      this.set(open.size);
    },
  });

  const router = Router();
  router.get("/", async (request: Request, response: Response) => {
    const { calendar } = parseInput(liveQuery, request.query);
    if (isClosing || places.isFull) throw new Refusal("UNAVAILABLE", "streams_full");
    const place = places.take(limitedAddress(request.ip));
    if (!place) throw new Refusal("RATE_LIMITED", "too_many_streams", { most: limits.streamsPerAddress });
    place.known();
    response.once("close", place.leave);

    const stream = new EventStream(response);
    const since = request.get("last-event-id");
    const beginning = await listings.watch(calendar, since, stream);
    response.once("close", () => {
      beginning.stop();
      open.delete(stream);
    });
    if (response.destroyed || beginning.standing !== "public") beginning.stop();
    if (response.destroyed) return;
    if (beginning.standing !== "public") throw new Refusal("NOT_FOUND", "calendar_not_found");
    response.locals.isStream = true;
    open.add(stream);
    stream.begin(beginning, since !== undefined);
    if (isClosing || request.method === "HEAD") stream.end();
  });

  return {
    router,
    close() {
      isClosing = true;
      clearInterval(beating);
      for (const stream of open) stream.end();
    },
  };
}
