import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { MOST_EVENTS } from "../buffer/port.ts";
import { parseJson, readBody } from "./body.ts";
import { type Handler, MOST_BYTES, MOST_PLACES, type Reach, requireRoom, wasKeptNow } from "./handler.ts";
import { createRate } from "./rates.ts";
import { requireConsent } from "./session_states.ts";

const seconds = z.number().min(0).max(86_400);
const event = z
  .strictObject({
    id: z.int().min(0).max(MOST_EVENTS),
    exercise: z
      .int()
      .min(0)
      .max(MOST_PLACES - 1),
    kind: z.enum(["play", "reached", "pause", "seek", "stall", "resume", "rate", "end"]),
    at: z.number().min(0).max(8.64e15),
    position: seconds,
    rate: z.number().positive().max(16).default(1),
    from: seconds.optional(),
  })
  .refine(({ kind, from }) => (kind === "seek") === (from !== undefined));
const input = z.strictObject({ events: z.array(event).min(1).max(200) });

/** POST /v1/media/events (TEL-01): what a player said, each event once by its number and exercise. */
export function mediaEvents({ buffer, states }: Reach): Handler {
  const mayNow = createRate({ perSecond: 2, burst: 10 });
  return async (request, token) => {
    mayNow(token.session);
    requireRoom(buffer);
    const [body, state] = await Promise.all([
      readBody(request, { type: "application/json", most: MOST_BYTES }),
      states.of(token),
    ]);
    requireConsent(token, state, "media");
    const read = input.safeParse(parseJson(body));
    if (!read.success) {
      const field = read.error.issues[0]?.path.join(".") ?? "";
      throw new Refusal("VALIDATION", "events_not_valid", { field });
    }
    const kept = wasKeptNow(await buffer.keepEvents(token.session, states.databaseNow(), read.data.events));
    return { status: 200, body: { kept } };
  };
}
