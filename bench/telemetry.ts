import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import os from "node:os";
import path from "node:path";
import { SignJWT } from "jose";
import { startObjects } from "../providers/storage/embedded/index.ts";
import { codecV1 } from "../telemetry/codec/codec_v1.ts";
import { inBatches } from "../telemetry/tests/batches.ts";
import { record, STANDING } from "../telemetry/tests/skeleton.ts";
import type { Bench } from "./row.ts";
import { startServer } from "./servers.ts";

export const secret = "a-secret-of-the-bench-that-nobody-else-has";

export type Begun = { session: string; token: string };

/** Batches of two seconds of somebody who squats before a camera that trembles, as a browser sends them. */
export function batchesOf(seconds: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const frames = record(
    (at) => {
      const depth = (1 - Math.cos(at * Math.PI)) / 2;
      return { ...STANDING, knee: 178 - depth * 80, hip: 178 - depth * 70 };
    },
    { seconds, jitter: 0.0015 },
  );
  return Promise.all(inBatches(frames).map((batch) => codecV1.encode(batch)));
}

/** The telemetry process with what it needs: a store, a folder, and the core's functions. */
export async function startTelemetry(
  bench: Bench,
  prepare: (folder: string) => Promise<void> = async () => {},
) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-bench-telemetry-"));
  const objects = await startObjects({ port: 0, dataDir });
  await prepare(path.join(dataDir, "telemetry"));
  const { child, url } = await startServer(
    "telemetry/main.ts",
    {
      ...process.env,
      DATA_DIR: dataDir,
      LOG_LEVEL: "error",
      OBJECTS_PORT: String(objects.port),
      TELEMETRY_SECRET: secret,
      TELEMETRY_DATABASE_URL: bench.urls.telemetry,
    },
    ["TELEMETRY_PORT", "TELEMETRY_OPS_PORT"],
  );
  return { url, dataDir, child, stop: () => stop(child, objects, dataDir) };
}

async function stop(child: ChildProcess, objects: { stop(): Promise<void> }, dataDir: string): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
  await objects.stop();
  rmSync(dataDir, { recursive: true });
}

/** Sessions that the core knows, with the tokens of their pages. */
export async function beginSessions(bench: Bench, count: number): Promise<Begun[]> {
  const sessions = Array.from({ length: count }, () => randomUUID());
  const { organizationId } = bench.fixture;
  // Of nobody, in no treatment plan: keys are not looked at.
  await bench.admin.query("set session_replication_role = replica");
  await bench.admin.query(
    `insert into app_public.exercise_sessions
       (id, organization_id, patient_session_id, patient_profile_id, viewer_id, scopes, started_at, expires_at)
     select sid, $2, sid, sid, sid, '{media,pose}', now(), now() + interval '75 minutes' from unnest($1::uuid[]) as sid`,
    [sessions, organizationId],
  );
  await bench.admin.query("reset session_replication_role");
  const key = new TextEncoder().encode(secret);
  return Promise.all(
    sessions.map(async (session) => ({
      session,
      token: await new SignJWT({ sid: session, org: organizationId, sub: session, scope: ["pose", "media"] })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience("telemetry")
        .setExpirationTime("1h")
        .sign(key),
    })),
  );
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends one body; its status, and the milliseconds until the answer was whole. */
export function post(
  url: string,
  token: string,
  body: Uint8Array | string,
  type = "application/vnd.restartix.pose",
): Promise<{ status: number; ms: number }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": type,
      "content-length": String(Buffer.byteLength(body)),
      "x-exercise": "1",
    };
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      response.on("error", reject).resume();
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, ms: performance.now() - began }),
      );
    });
    asked.once("error", reject).end(body);
  });
}

/** Does all of it, so many at once. */
export async function atOnce<T>(
  many: number,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const left = [...all].reverse();
  const worker = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one);
  };
  await Promise.all(Array.from({ length: many }, worker));
}
