import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { readReplay } from "../../../telemetry/codec/replay.ts";
import { encoded, objectAt, pageOf, squats, tokenOf } from "../../../telemetry/tests/support.ts";
import type { Deployment } from "./deployment.ts";

type Recorded = { promised: Uint8Array[] };

/** Sessions at home that are recorded meanwhile, by their ids, with what telemetry said that it has. */
export type Recordings = { sessions: Map<string, Recorded>; leave(): Promise<void> };

/**
 * Patients who do sessions one after the other and send what their cameras see (TEL-02), until they are told to leave. Whoever
 * gets no answer sends the batch again, as their page would.
 */
export function recordings(deployment: Deployment, patients = 1): Recordings {
  const stop = new AbortController();
  const sessions: Recordings["sessions"] = new Map();

  async function recordOne(bodies: Uint8Array<ArrayBuffer>[]): Promise<void> {
    const { session, organizationId } = await begin(deployment);
    const claims = { org: organizationId, key: deployment.telemetrySecret };
    const page = pageOf(deployment.telemetryUrl, { session, token: await tokenOf(session, claims) });
    const recorded: Recorded = { promised: [] };
    sessions.set(session, recorded);
    for (const body of bodies) {
      await untilTaken(() => page.frames(body));
      recorded.promised.push(body);
    }
    await untilTaken(() => page.end({ lastSequence: bodies.length - 1, exercises: [] }));
  }

  const people = Array.from({ length: patients }, async () => {
    const bodies = await encoded(squats(3));
    do await recordOne(bodies);
    while (!stop.signal.aborted);
  });
  return {
    sessions,
    async leave() {
      stop.abort();
      await Promise.all(people);
    },
  };
}

/** A recording as the core begins it, of a patient of the demo who was recorded before. */
async function begin({ ask }: Deployment): Promise<{ session: string; organizationId: string }> {
  const session = randomUUID();
  const [begun] = await ask<{ organization_id: string }>(
    `insert into app_public.exercise_sessions
       (id, organization_id, patient_session_id, patient_profile_id, viewer_id, scopes, tracked, started_at, expires_at)
     select $1, organization_id, patient_session_id, patient_profile_id, viewer_id, '{pose}', tracked, now(), now() + interval '75 minutes'
     from app_public.exercise_sessions
     where 'pose' = any (scopes)
     order by id
     limit 1
     on conflict (id) do update set id = excluded.id -- the first answer was lost
     returning organization_id`,
    [session],
  );
  if (!begun) throw new Error("no patient of the demo was ever recorded");
  return { session, organizationId: begun.organization_id };
}

async function untilTaken(send: () => Promise<Response>): Promise<void> {
  for (;;) {
    const answer = await send().catch(() => null);
    if (answer?.status === 200) return;
    // Too many at once, or batches that the process which died had not promised.
    if (answer && answer.status < 500 && answer.status !== 429) {
      throw new Error(`telemetry refused: ${answer.status} ${await answer.text()}`);
    }
    await sleep(100);
  }
}

/** What of the recordings does not hold: each ended once, with every batch that was promised, once. */
export async function lostRecordings(
  { ask, objects }: Deployment,
  { sessions }: Pick<Recordings, "sessions">,
  patience = 60_000,
): Promise<string[]> {
  const found: string[] = [];
  const deadline = Date.now() + patience;
  for (const [session, { promised }] of sessions) {
    const look = () =>
      ask<{ key: string | null; published: number }>(
        `select replay_object_key as key,
           (select count(*)::int from app_private.events where subject_id = r.id and name = 'session.aggregated') as published
         from app_public.exercise_sessions r where id = $1 and ended_at is not null`,
        [session],
      );
    let [stored] = await look();
    while (!stored && Date.now() < deadline) {
      await sleep(250);
      [stored] = await look();
    }
    if (!stored?.key) {
      found.push(`recording ${session} was never finalized`);
      continue;
    }
    if (stored.published !== 1) found.push(`recording ${session} was published ${stored.published} times`);
    const kept = readReplay(await objectAt(objects, stored.key)).map(({ body }) => Buffer.from(body));
    const lost = promised.filter((body) => !kept.some((one) => one.equals(body))).length;
    if (lost > 0) found.push(`recording ${session} lost ${lost} of ${promised.length} promised batches`);
    if (kept.length > promised.length) found.push(`recording ${session} has batches twice`);
  }
  return found;
}
