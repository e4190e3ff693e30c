import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SignJWT } from "jose";
import pg from "pg";
import { createTestDatabase } from "../../db/testing/server.ts";
import { type EmbeddedObjects, startObjects } from "../../providers/storage/embedded/index.ts";
import { storesOf } from "../../providers/storage/index.ts";
import { codecV1 } from "../codec/codec_v1.ts";
import type { PoseBatch } from "../codec/pose_batch.ts";
import { inBatches } from "./batches.ts";
import { record, STANDING } from "./skeleton.ts";

export const secret = "a-secret-of-these-tests-that-nobody-else-has";
/** The clinic whose patient does all sessions of a test; it is known once there are surroundings. */
export let organizationId = "";

/** A session that the core began, and the token that its page holds. */
export type Begun = { session: string; token: string };

/** What the core knows of a session. */
export type StoredSession = {
  ended_at: Date | null;
  gaps: number[][];
  // biome-ignore lint/suspicious/noExplicitAny: what was published, as it lies there.
  results: any[];
  published: number;
  replay_object_key: string | null;
  replay_sha256: string | null;
  replay_bytes: string | null;
};

/** A patient who agrees to everything, with a session at home that many recordings are made of. */
const patient = `
  begin;
  select tests.person('root', superadmin => true), tests.remember('squat', tests.published_exercise('test-squat'));
  select tests.clinic('atlas'), tests.patient('ana');
  select tests.treatment_plan('knee', 1, 0), tests.assigned('ana', 'knee');
  select tests.consent('ana', 'biometric_capture');
  commit`;

/** A database with a patient, an object store and a folder: what a telemetry process needs. */
export async function startSurroundings(because: string) {
  const dataDir = mkdtempSync(path.join(tmpdir(), "restartix-telemetry-"));
  const [database, objects] = await Promise.all([
    createTestDatabase({ because }),
    startObjects({ port: 0, dataDir }),
  ]);
  const admin = new pg.Client(database.urls.admin);
  await admin.connect();
  await admin.query(patient);
  [{ organizationId }] = (await admin.query(`select tests.id('atlas') as "organizationId"`)).rows;
  return {
    dataDir,
    database,
    admin,
    objects,
    config: {
      databaseUrl: database.urls.telemetry,
      host: "127.0.0.1",
      port: 0,
      bufferFolder: path.join(dataDir, "telemetry"),
      secret: new TextEncoder().encode(secret),
      storage: objects.settings,
      logLevel: "silent" as const,
    },
    /** As the API begins one, with what it looks at and what may be sent. */
    async begin(
      { scopes = ["media", "pose"], tracked = [] }: { scopes?: string[]; tracked?: object[] } = {},
      claims: Record<string, unknown> = {},
    ): Promise<Begun> {
      const { rows } = await admin.query<{ id: string }>(
        `insert into app_public.exercise_sessions
           (organization_id, patient_session_id, patient_profile_id, viewer_id, scopes, tracked, started_at, expires_at)
         select s.organization_id, s.id, s.patient_profile_id, p.human_id, $1, $2, clock_timestamp(), clock_timestamp() + interval '75 minutes'
         from app_public.patient_sessions s join app_public.patient_profiles p on p.id = s.patient_profile_id
         where s.id = tests.id('ana''s knee 1')
         returning id`,
        [scopes, JSON.stringify(tracked)],
      );
      const session = rows[0]?.id as string;
      return { session, token: await tokenOf(session, claims) };
    },
    async stored(session: string): Promise<StoredSession> {
      const { rows } = await admin.query(
        `select r.*, coalesce(array_agg(a.result order by a.algorithm_version) filter (where a.result is not null), '{}') as results,
           (select count(*)::int from app_private.events e where e.subject_id = r.id and e.name = 'session.aggregated') as published
         from app_public.exercise_sessions r
         left join app_private.session_aggregates a on a.exercise_session_id = r.id
         where r.id = $1 group by r.id`,
        [session],
      );
      return rows[0];
    },
    async stop() {
      await admin.end();
      await Promise.all([database.drop(), objects.stop()]);
      rmSync(dataDir, { recursive: true });
    },
  };
}
export type Surroundings = Awaited<ReturnType<typeof startSurroundings>>;

/** As the API signs it, unless the claims or the key say otherwise. */
export function tokenOf(
  session: string,
  { key = secret, alg = "HS256", ...claims }: Record<string, unknown> = {},
): Promise<string> {
  const usual = {
    aud: "telemetry",
    sid: session,
    org: organizationId,
    sub: "0198a000-0000-7000-8000-000000000002",
    scope: ["pose", "media"],
    exp: Math.floor(Date.now() / 1000) + 75 * 60,
  };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: String(alg) })
    .sign(new TextEncoder().encode(String(key)));
}

/** What a session's page asks. */
export function pageOf(url: string, { session, token }: Begun) {
  const post = (place: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    fetch(`${url}${place}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, ...headers },
      body,
    });
  const json = { "content-type": "application/json" };
  return {
    frames: (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      post("/v1/pose/frames", body, {
        "content-type": "application/vnd.restartix.pose",
        "x-exercise": "1",
        ...headers,
      }),
    events: (events: unknown) => post("/v1/media/events", JSON.stringify({ events }), json),
    end: (end: unknown, id = session) => post(`/v1/sessions/${id}/end`, JSON.stringify(end), json),
  };
}

/** Status, and what a refusal names. */
export async function told(answer: Response | Promise<Response>): Promise<string> {
  const response = await answer;
  const { errors } = (await response.json()) as { errors?: { extensions: { reason: string } }[] };
  return [response.status, ...(errors ?? []).map(({ extensions }) => extensions.reason)].join(" ");
}

/** A person who squats so many times, two seconds each, as batches of two seconds. */
export function squats(times: number): PoseBatch[] {
  const frames = record(
    (seconds) => {
      const isMoving = seconds >= 1 && seconds < 1 + times * 2;
      const depth = isMoving ? (1 - Math.cos((seconds - 1) * Math.PI)) / 2 : 0;
      return { ...STANDING, knee: 178 - depth * 80, hip: 178 - depth * 70 };
    },
    { seconds: times * 2 + 2 },
  );
  return inBatches(frames);
}

export const encoded = (batches: readonly PoseBatch[]) =>
  Promise.all(batches.map((batch) => codecV1.encode(batch)));

export async function objectAt(objects: EmbeddedObjects, key: string): Promise<Buffer> {
  const stores = storesOf(objects.settings);
  try {
    const pieces = await (await stores.for(null)).get(key);
    return Buffer.concat(pieces ? await Array.fromAsync(pieces) : []);
  } finally {
    stores.close();
  }
}
