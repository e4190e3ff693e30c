import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readReplay } from "../codec/replay.ts";
import { type RunningTelemetry, startTelemetry } from "../service.ts";
import {
  type Begun,
  encoded,
  objectAt,
  organizationId,
  pageOf,
  type Surroundings,
  squats,
  startSurroundings,
  tokenOf,
  told,
} from "./support.ts";

// TEL-01, TEL-02, TEL-04, TEL-06: from the page of a session to what the core is told of it.

let around: Surroundings;
let telemetry: RunningTelemetry;
let logged = "";
beforeAll(async () => {
  around = await startSurroundings("telemetry is another process to it, and says what it has committed");
  const write = (line: string) => {
    logged += line;
  };
  const log = pino({ level: "trace" }, { write });
  telemetry = await startTelemetry({ ...around.config, ops: { host: "127.0.0.1", port: 0 } }, log, {
    claimMs: 200,
  });
});
afterAll(async () => {
  await telemetry.close();
  await around.stop();
});

const page = (begun: Begun) => pageOf(telemetry.url, begun);
const untilEnded = async (session: string) => {
  await vi.waitFor(async () => expect((await around.stored(session)).ended_at).not.toBeNull(), {
    timeout: 60_000,
    interval: 50,
  });
  return around.stored(session);
};

describe("TEL-01: a token", () => {
  const begin = () => around.begin();
  const batch = async () => (await encoded(squats(1)))[0] as Uint8Array<ArrayBuffer>;
  const soon = Math.floor(Date.now() / 1000);

  test.each<[string, Record<string, unknown>, string]>([
    ["of another key", { key: "another secret of these tests, as long" }, "401 signature_invalid"],
    ["of another algorithm", { alg: "HS512" }, "401 algorithm_refused"],
    ["for somebody else", { aud: "link" }, "401 token_not_for_telemetry"],
    ["that is over", { exp: soon - 60 }, "401 token_expired"],
    ["that lives for longer than a session", { exp: soon + 76 * 60 }, "401 token_too_long"],
    ["without an end", { exp: undefined }, "401 token_malformed"],
    ["without a patient", { sub: undefined }, "401 token_malformed"],
    ["of another clinic", { org: randomUUID() }, "403 session_unknown"],
    ["of no session that the core knows", { sid: randomUUID() }, "403 session_unknown"],
    ["without this scope", { scope: ["media"] }, "403 consent_missing"],
  ])("%s is refused", async (_, claims, answer) => {
    const { session } = await begin();
    const token = await tokenOf(session, claims);
    expect(await told(page({ session, token }).frames(await batch()))).toBe(answer);
  });

  test("that is missing, or none, is refused", async () => {
    const { session } = await begin();
    for (const token of [
      "",
      "a.b.c",
      "x".repeat(5_000),
      `${Buffer.from('{"alg":"none"}').toString("base64url")}..`,
    ]) {
      expect(await told(page({ session, token }).frames(await batch()))).toMatch(/^401 /);
    }
  });

  test("ends its own session and no other", async () => {
    const begun = await begin();
    const other = await begin();
    const end = { lastSequence: null, exercises: [] };
    expect(await told(page(begun).end(end, other.session))).toBe("403 session_of_another_token");
    expect(await told(page(begun).end(end))).toBe("200");
  });

  test("lets a page of any origin ask, by the headers that it needs", async () => {
    const answer = await fetch(`${telemetry.url}/v1/pose/frames`, { method: "OPTIONS" });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-headers")).toContain("x-exercise");
    expect(await told(fetch(`${telemetry.url}/v1/pose/frames`))).toBe("405 post_only");
    expect(await told(fetch(`${telemetry.url}/v1/other`))).toBe("404 no_such_path");
  });
});

describe("TEL-02: a session", () => {
  test("comes out whole: batches in any order and twice, events, one object, one result", async () => {
    const begun = await around.begin({
      tracked: [{ place: 1, joints: ["left_knee", "right_knee"], seconds: 20 }],
    });
    const batches = squats(5);
    const bodies = await encoded(batches);
    const order = bodies.map((_, i) => i).sort((a, b) => ((a * 5) % 7) - ((b * 5) % 7));
    for (const i of order) {
      const body = bodies[i] as Uint8Array<ArrayBuffer>;
      const answer = await page(begun).frames(body);
      expect([answer.status, await answer.json()]).toEqual([200, { sequence: i, kept: true }]);
    }
    expect(await (await page(begun).frames(bodies[0] as Uint8Array<ArrayBuffer>)).json()).toEqual({
      sequence: 0,
      kept: false,
    });
    const [other] = await encoded([{ ...(batches[1] as (typeof batches)[0]), sequence: 0 }]);
    expect(await told(page(begun).frames(other as Uint8Array<ArrayBuffer>))).toBe(
      "409 number_used_for_other_content",
    );

    const said = [
      { id: 0, kind: "play", at: 1_000, position: 0 },
      { id: 1, kind: "pause", at: 11_000, position: 10 },
    ].map((event) => ({ ...event, exercise: 1 }));
    expect(await told(page(begun).events(said))).toBe("200");
    expect(await told(page(begun).events(said))).toBe("200");
    expect(await told(page(begun).events([{ ...said[0], position: 3 }]))).toBe(
      "409 number_used_for_other_content",
    );

    const end = { lastSequence: bodies.length - 1, exercises: [{ place: 1, startedAt: 1, endedAt: 2 }] };
    expect(await told(page(begun).end(end))).toBe("200");
    const stored = await untilEnded(begun.session);
    expect(await told(page(begun).end(end))).toBe("200");
    expect(stored.gaps).toEqual([]);
    expect(stored.results).toHaveLength(1);
    const { algorithmVersion, exercises, media } = stored.results[0];
    expect(algorithmVersion).toBeGreaterThan(0);
    expect(exercises).toHaveLength(1);
    expect(exercises[0]).toMatchObject({ place: 1, gaps: 0, measured: { joint: "knee" } });
    expect(exercises[0].reps).toHaveLength(5);
    expect(media).toEqual([
      { place: 1, watched: 10, durationMs: 20_000, stalls: [], rates: [{ rate: 1, seconds: 10 }] },
    ]);

    const replay = await objectAt(around.objects, stored.replay_object_key as string);
    expect(stored.replay_object_key).toBe(`${organizationId}/telemetry/${begun.session}.replay`);
    expect(createHash("sha256").update(replay).digest("hex")).toBe(stored.replay_sha256);
    expect(replay.length).toBe(Number(stored.replay_bytes));
    expect(readReplay(replay).map(({ body }) => Buffer.from(body))).toEqual(
      bodies.map((body) => Buffer.from(body)),
    );
    expect(await told(page(begun).frames(bodies[0] as Uint8Array<ArrayBuffer>))).toBe("410 session_ended");
  });

  test("that lacks batches is asked for them once, and tells the core what never came", async () => {
    const begun = await around.begin();
    const bodies = await encoded(squats(4));
    for (const i of [0, 3]) await page(begun).frames(bodies[i] as Uint8Array<ArrayBuffer>);
    const end = { lastSequence: 4, exercises: [] };
    const first = await page(begun).end(end);
    expect([first.status, await first.json()]).toEqual([202, { state: "waiting", missing: [1, 2, 4] }]);
    expect(await told(page(begun).frames(bodies[2] as Uint8Array<ArrayBuffer>))).toBe("200");
    expect(await told(page(begun).end(end))).toBe("200");
    const { gaps, results } = await untilEnded(begun.session);
    expect(gaps).toEqual([
      [1, 1],
      [4, 4],
    ]);
    expect(results[0].exercises[0].gaps).toBe(1);
  });

  test("is finalized although the core fails again and again, and once", async () => {
    const begun = await around.begin();
    // A sequence is not rolled back with the failure that it counts.
    await around.admin.query(`
      create sequence tests.tries;
      grant usage on sequence tests.tries to app_engine;
      create function tests.fail_twice() returns trigger language plpgsql security definer as $$
      begin
        if nextval('tests.tries') <= 2 then raise exception 'asked for'; end if;
        return new;
      end $$;
      create trigger _000_fail_twice before insert on app_private.session_aggregates
        for each row execute function tests.fail_twice()`);
    for (const body of await encoded(squats(1))) await page(begun).frames(body);
    await page(begun).end({ lastSequence: 1, exercises: [] });
    const stored = await untilEnded(begun.session);
    expect(stored.published).toBe(1);
    expect(logged).toContain("a session is not finalized yet");
  });

  test("that the core says is over is finalized without an end, and so is one that never sent a thing", async () => {
    const begun = await around.begin();
    const silent = await around.begin();
    for (const body of await encoded(squats(1))) await page(begun).frames(body);
    await around.admin.query(
      "update app_public.exercise_sessions set started_at = started_at - interval '2 days', expires_at = expires_at - interval '2 days' where id = any ($1)",
      [[begun.session, silent.session]],
    );
    const [kept, empty] = await Promise.all([untilEnded(begun.session), untilEnded(silent.session)]);
    expect(kept.results[0].exercises).toHaveLength(1);
    expect(kept.replay_object_key).not.toBeNull();
    expect(empty.results[0].exercises).toEqual([]);
    expect(empty.replay_object_key).toBeNull();
  });
});

describe("TEL-06: consent", () => {
  test("that was never given refuses its stream alone", async () => {
    const begun = await around.begin({ scopes: ["media"] });
    const [body] = await encoded(squats(1));
    expect(await told(page(begun).frames(body as Uint8Array<ArrayBuffer>))).toBe("403 consent_missing");
    expect(await told(page(begun).events([{ id: 0, kind: "play", at: 1, position: 0, exercise: 1 }]))).toBe(
      "200",
    );
  });

  test("that is withdrawn refuses within two seconds, and what came after it is neither stored nor counted", async () => {
    const begun = await around.begin();
    const bodies = await encoded(squats(4));
    expect(await told(page(begun).frames(bodies[0] as Uint8Array<ArrayBuffer>))).toBe("200");
    await sleep(1_000);
    const { rows } = await around.admin.query("select clock_timestamp() as between");
    // Nobody has heard of the withdrawal yet: the batch is taken, and left out at the end.
    expect(await told(page(begun).frames(bodies[1] as Uint8Array<ArrayBuffer>))).toBe("200");
    // At a moment that has passed: no trigger stamps it.
    await around.admin.query("set session_replication_role = replica");
    await around.admin.query(
      "update app_public.consents set withdrawn_at = $1 where purpose_code = 'biometric_capture'",
      [rows[0].between],
    );
    await around.admin.query("reset session_replication_role");
    await sleep(2_000);
    expect(await told(page(begun).frames(bodies[2] as Uint8Array<ArrayBuffer>))).toBe(
      "403 consent_withdrawn",
    );
    expect(await told(page(begun).events([{ id: 0, kind: "play", at: 1, position: 0, exercise: 1 }]))).toBe(
      "200",
    );
    expect(await told(page(begun).end({ lastSequence: 1, exercises: [] }))).toBe("200");
    const stored = await untilEnded(begun.session);
    const replay = readReplay(await objectAt(around.objects, stored.replay_object_key as string));
    expect(replay.map(({ body }) => Buffer.from(body))).toEqual([Buffer.from(bodies[0] as Uint8Array)]);
    expect(stored.results[0].exercises[0].frames).toMatchObject({ withPerson: 60 });
  });
});

test("FND-28: logs and metrics name paths and codes, and nothing of a patient", async () => {
  const begun = await around.begin();
  await page(begun).frames((await encoded(squats(1)))[0] as Uint8Array<ArrayBuffer>);
  await page(begun).end({ lastSequence: "x" });
  const metrics = await (await fetch(`${telemetry.opsUrl}/metrics`)).text();
  for (const name of [
    "restartix_telemetry_kept",
    "restartix_telemetry_waiting_to_finalize",
    "restartix_http_request_seconds_bucket",
  ])
    expect(metrics).toContain(name);
  expect(metrics).toContain('route="/v1/sessions/{id}/end"');
  expect(metrics).not.toContain(begun.session);
  expect(logged).toContain('"path":"/v1/sessions/{id}/end"');
  expect(logged).toMatch(/"requestId":"[0-9a-f-]{36}"/);
  for (const hidden of [begun.token, "0198a000-0000-7000-8000-000000000002"])
    expect(logged).not.toContain(hidden);
  expect(await (await fetch(`${telemetry.url}/readyz`)).json()).toEqual({
    status: "ready",
    checks: { database: "up", functions: "there" },
  });
});
