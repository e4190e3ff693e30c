import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { MOST_BATCHES } from "../buffer/port.ts";
import { parseJson, readBody } from "./body.ts";
import { type Handler, MOST_BYTES, MOST_PLACES, type Reach } from "./handler.ts";
import { createRate } from "./rates.ts";

const moment = z.number().min(0).max(8.64e15);
const input = z.strictObject({
  lastSequence: z
    .int()
    .min(0)
    .max(MOST_BATCHES - 1)
    .nullable(),
  exercises: z
    .array(
      z.strictObject({
        place: z
          .int()
          .min(0)
          .max(MOST_PLACES - 1),
        startedAt: moment,
        endedAt: moment,
      }),
    )
    .max(100)
    .default([]),
});

/**
 * POST /v1/sessions/{id}/end (TEL-01, TEL-02): 202 with the numbers that are missing, once, and 200 when it has ended. May
 * be repeated. It waits for nothing that batches wait for: its rate is its own, it is written before them, and no pressure
 * refuses it; nor does a consent that was withdrawn.
 */
export function sessionEnd({ buffer, states }: Reach, ended: () => void): Handler {
  const mayNow = createRate({ perSecond: 1, burst: 5 });
  return async (request, token) => {
    const id = /^\/v1\/sessions\/([^/]+)\/end$/.exec(request.url ?? "")?.[1];
    if (id?.toLowerCase() !== token.session) throw new Refusal("FORBIDDEN", "session_of_another_token");
    mayNow(token.session);
    const [body, state] = await Promise.all([
      readBody(request, { type: "application/json", most: MOST_BYTES }),
      states.of(token),
    ]);
    const read = input.safeParse(parseJson(body));
    if (!read.success) {
      const field = read.error.issues[0]?.path.join(".") ?? "";
      throw new Refusal("VALIDATION", "end_not_valid", { field });
    }
    if (state.endedAt !== null && !buffer.has(token.session)) {
      return { status: 200, body: { state: "ended", missing: [] } };
    }
    const { hasEnded, missing } = await buffer.end(token.session, read.data, states.databaseNow());
    if (!hasEnded) return { status: 202, body: { state: "waiting", missing } };
    ended();
    return { status: 200, body: { state: "ended", missing: [] } };
  };
}
