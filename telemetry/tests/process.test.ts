// Starts processes: telemetry is killed, told to stop and started again, and what it prints is seen from outside.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { readReplay } from "../codec/replay.ts";
import {
  type Begun,
  encoded,
  objectAt,
  pageOf,
  type Surroundings,
  secret,
  squats,
  startSurroundings,
  told,
} from "./support.ts";

let around: Surroundings;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  around = await startSurroundings("a process connects to it and commits");
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await around.stop();
});

/** Starts telemetry, and waits until it is up or has ended. */
async function start(env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "..", "main.ts")], {
    env: {
      ...bareEnv,
      DATA_DIR: around.dataDir,
      OBJECTS_PORT: String(around.objects.port),
      TELEMETRY_DATABASE_URL: around.database.urls.telemetry,
      TELEMETRY_SECRET: secret,
      TELEMETRY_PORT: String(await freePort()),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => {
      output += piece;
    });
  }
  const closed = once(child, "close").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const urlIn = () => /Telemetry at (\S+)/.exec(output)?.[1];
  await Promise.race([vi.waitUntil(urlIn, { timeout: 60_000, interval: 20 }), closed]);
  return { child, url: urlIn() ?? "", output: () => output, closed };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const untilEnded = (session: string) =>
  vi.waitUntil(async () => ((await around.stored(session)).ended_at ? around.stored(session) : null), {
    timeout: 60_000,
    interval: 50,
  });

describe("TEL-02: a process that is killed", () => {
  test("loses nothing that it promised, and the next one finalizes it", async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => around.begin()));
    const bodies = await encoded(squats(8));
    const promised = new Map(sessions.map(({ session }) => [session, new Set<number>()]));
    let telemetry = await start();
    for (let round = 0; round < 3; round++) {
      const sending = sessions.map((begun) =>
        sendAll(telemetry.url, begun, bodies, promised.get(begun.session)),
      );
      const count = () => [...promised.values()].reduce((sum, { size }) => sum + size, 0);
      const enough = Math.min(count() + 4, sessions.length * bodies.length);
      await vi.waitUntil(() => count() >= enough, { timeout: 60_000, interval: 5 });
      await sleep(Math.random() * 100);
      telemetry.child.kill("SIGKILL");
      await Promise.all([...sending, telemetry.closed]);
      telemetry = await start();
    }
    for (const begun of sessions) {
      await vi.waitUntil(
        async () => {
          const answer = await pageOf(telemetry.url, begun).end({
            lastSequence: bodies.length - 1,
            exercises: [],
          });
          return answer.status === 200;
        },
        { timeout: 60_000, interval: 1_000 },
      );
    }
    let kept = 0;
    for (const { session } of sessions) {
      const stored = await untilEnded(session);
      const replay = stored?.replay_object_key
        ? readReplay(await objectAt(around.objects, stored.replay_object_key))
        : [];
      const found = replay.map(({ body }) => Buffer.from(body).toString("base64"));
      for (const sequence of promised.get(session) ?? []) {
        expect(found).toContain(Buffer.from(bodies[sequence] as Uint8Array).toString("base64"));
        kept += 1;
      }
      expect(new Set(found).size).toBe(found.length);
      expect(stored?.published).toBe(1);
    }
    expect(kept).toBeGreaterThan(sessions.length);
    telemetry.child.kill("SIGTERM");
    expect(await telemetry.closed).toBe(0);
  });
});

/** One after the other, until no answer comes any more; each that is answered is promised. */
async function sendAll(url: string, begun: Begun, bodies: Uint8Array<ArrayBuffer>[], promised?: Set<number>) {
  for (const [sequence, body] of bodies.entries()) {
    if (promised?.has(sequence)) continue;
    const status = await pageOf(url, begun)
      .frames(body)
      .then((answer) => answer.json().then(() => answer.status))
      .catch(() => 0);
    if (status === 0) return;
    if (status === 200) promised?.add(sequence);
  }
}

describe("FND-28: a process that is told to stop", () => {
  test("answers what is in flight, takes nothing new, and leaves what has not ended to the next", async () => {
    const begun = await around.begin();
    const bodies = await encoded(squats(2));
    const first = await start();
    expect(await told(pageOf(first.url, begun).frames(bodies[0] as Uint8Array<ArrayBuffer>))).toBe("200");
    const inFlight = Promise.all(bodies.slice(1).map((body) => told(pageOf(first.url, begun).frames(body))));
    await sleep(5);
    first.child.kill("SIGTERM");
    // One that had not arrived was refused by the connection, and is sent again.
    const answers = await inFlight.catch(() => []);
    for (const answer of answers) expect(answer).toBe("200");
    expect(await first.closed).toBe(0);
    const second = await start();
    for (const body of bodies) expect(await told(pageOf(second.url, begun).frames(body))).toBe("200");
    expect(
      await told(pageOf(second.url, begun).end({ lastSequence: bodies.length - 1, exercises: [] })),
    ).toBe("200");
    expect((await untilEnded(begun.session))?.results).toHaveLength(1);
    second.child.kill("SIGTERM");
    expect(await second.closed).toBe(0);
  });
});

describe("FND-30: a process that cannot work", () => {
  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ["without a database", { TELEMETRY_DATABASE_URL: "" }, /TELEMETRY_DATABASE_URL must be/],
    ["with a short secret", { TELEMETRY_SECRET: "short" }, /TELEMETRY_SECRET must be 32 to 200/],
    [
      "without a secret in production",
      { TELEMETRY_SECRET: "", APP_MODE: "production", S3_BUCKET: "clinics", S3_REGION: "eu-central-1" },
      /TELEMETRY_SECRET must be 32 to 200/,
    ],
    ["on no port", { TELEMETRY_PORT: "0" }, /TELEMETRY_PORT must be a port/],
  ])("%s says so in a line", async (_, env, line) => {
    const { output, closed } = await start(env);
    expect(await closed).toBe(1);
    expect(output()).toMatch(line);
    expect(output()).not.toMatch(/^\s+at /m);
  });

  test("as another role says so", async () => {
    const { output, closed } = await start({ TELEMETRY_DATABASE_URL: around.database.urls.worker });
    expect(await closed).toBe(1);
    expect(output()).toContain("TELEMETRY_DATABASE_URL must lead in as app_telemetry, not as app_worker.");
  });
});
