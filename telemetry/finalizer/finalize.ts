import { createHash } from "node:crypto";
import type { ObjectStores } from "../../providers/storage/port.ts";
import type { Recording, SessionBuffer } from "../buffer/port.ts";
import { writeReplay } from "../codec/replay.ts";
import type { Publisher, Scope, SessionState } from "../publisher.ts";
import type { Summariser } from "./in_thread.ts";

export type FinalizeWith = {
  buffer: SessionBuffer;
  publisher: Publisher;
  objects: ObjectStores;
  summarise: Summariser["summarise"];
};

/** Nothing that could be recorded is known of it: the page never sent a thing, or its process is gone. */
const nothing = (session: string): Recording => ({
  session,
  batches: [],
  events: [],
  exercises: [],
  gaps: [],
});

/**
 * Makes of a session what stays of it (TEL-02, TEL-04, TEL-06): its gaps, one object to play again, its result, and the
 * word that it is done. Every step may be repeated, so whatever fails, all of it is done again until each has succeeded.
 */
export async function finalize(session: string, { buffer, publisher, objects, summarise }: FinalizeWith) {
  const recording = (await buffer.read(session)) ?? nothing(session);
  // Not one that was heard a moment ago: what came after a withdrawal is taken out here for good.
  const state = (await publisher.sessionStates([session])).states.get(session);
  if (state) {
    const { batches, events } = agreedTo(recording, state);
    for (const [from, to] of recording.gaps) await publisher.recordGap(session, from, to);
    const replay = writeReplay(batches);
    const object = batches.length > 0 ? replayObject(session, state, replay) : null;
    if (object) {
      const store = await objects.for(state.organizationId);
      await store.put(object.key, replay, { contentType: "application/vnd.restartix.pose-replay" });
    }
    const result = await summarise({
      replay,
      events: events.map(({ event }) => event),
      exercises: state.exercises,
    });
    await publisher.publishAggregated(session, result);
    await publisher.finalized(session, object);
  }
  // A session that the core does not know was erased: nothing stays of it.
  await buffer.finalized(session);
}

/** Everything that was received while the patient agreed to it, each stream by itself. */
function agreedTo({ batches, events }: Recording, { scopes, withdrawnAt }: SessionState) {
  const isAgreedTo = (scope: Scope, receivedAt: number) =>
    scopes.includes(scope) && receivedAt < (withdrawnAt[scope] ?? Number.POSITIVE_INFINITY);
  return {
    batches: batches.filter(({ receivedAt }) => isAgreedTo("pose", receivedAt)),
    events: events.filter(({ receivedAt }) => isAgreedTo("media", receivedAt)),
  };
}

function replayObject(session: string, { organizationId }: SessionState, replay: Uint8Array) {
  return {
    key: `${organizationId}/telemetry/${session}.replay`,
    sha256: createHash("sha256").update(replay).digest("hex"),
    bytes: replay.length,
  };
}
