import { randomUUID } from "node:crypto";
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
import { type StoredSession, standIn } from "./stand_in.ts";

export const secret = "a-secret-of-these-tests-that-nobody-else-has";
const organizationId = "0198a000-0000-7000-8000-000000000001";

/** A session that the core began, and the token that its page holds. */
export type Begun = { session: string; token: string };

/** A database with the stand-in of the core, an object store and a folder: what a telemetry process needs. */
export async function startSurroundings(because: string) {
  const dataDir = mkdtempSync(path.join(tmpdir(), "restartix-telemetry-"));
  const [database, objects] = await Promise.all([
    createTestDatabase({ because, bare: true }),
    startObjects({ port: 0, dataDir }),
  ]);
  const admin = new pg.Client(database.urls.admin);
  await admin.connect();
  await admin.query(standIn);
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
    async begin(row: Record<string, unknown> = {}, claims: Record<string, unknown> = {}): Promise<Begun> {
      const session = randomUUID();
      const all = { sid: session, organization_id: organizationId, scopes: ["pose", "media"], ...row };
      const values = Object.values(all).map((value) =>
        Array.isArray(value) && typeof value[0] === "object" ? JSON.stringify(value) : value,
      );
      await admin.query(
        `insert into stand_in.sessions (${Object.keys(all)}) values (${values.map((_, i) => `$${i + 1}`)})`,
        values,
      );
      return { session, token: await tokenOf(session, claims) };
    },
    async stored(session: string): Promise<StoredSession> {
      return (await admin.query("select * from stand_in.sessions where sid = $1", [session])).rows[0];
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
