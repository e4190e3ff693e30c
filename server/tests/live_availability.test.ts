import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { until } from "./listener.ts";
import { listen, quiet, stopAll } from "./live/reader.ts";
import { type Json, refusalOf, startBeside, startTestApi, type TestApi, wideRates } from "./support.ts";

let api: TestApi;
/** Whoever comes again is told again what happened in so long before. */
const LOOK_BACK_MS = 2_000;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_BACK_MS));
const ids: Record<string, string> = {};

const before = `begin;
  select tests.clinic('draft', draft => true); select tests.specialist('dora'); select tests.calendar('not open yet', '{dora}');
  select tests.clinic('boreal'); select tests.specialist('bob'); select tests.calendar('elsewhere', '{bob}');
  select tests.clinic('atlas');
  select tests.specialist('ana'); select tests.specialist('bogdan');
  select tests.works('ana'), tests.works('bogdan'), tests.works('bob');
  select tests.calendar('visits', specialists => '{ana}', minutes => 60);
  select tests.calendar('pool', specialists => '{ana,bogdan}', minutes => 60);
  select tests.calendar('for staff', specialists => '{ana}', is_public => false);
  select tests.calendar('soon off', specialists => '{bogdan}', minutes => 60);
  select tests.calendar('soon for staff', specialists => '{bogdan}', minutes => 60);
  commit;`;

beforeAll(async () => {
  api = await startTestApi({
    because: "the times of its calendars are listened to",
    before,
    config: { rates: wideRates },
    sockets: { streamsPerAddress: 20, beatMs: 300, lookBackMs: LOOK_BACK_MS },
  });
  for (const name of [
    "visits",
    "pool",
    "for staff",
    "not open yet",
    "soon off",
    "soon for staff",
    "elsewhere",
  ]) {
    const [row] = await api.sql("select tests.id($1) as id", [name]);
    ids[name] = row.id;
  }
});
afterEach(stopAll);
afterAll(() => api.close());

let hour = 0;
/** A time that nobody has yet, at noon by the clinic's clocks. */
async function hold(calendar = "visits"): Promise<{ token: string; day: string }> {
  hour += 1;
  const [{ at, day }] = await api.sql(
    `select to_json(at) #>> '{}' as at, (at at time zone 'Europe/Bucharest')::date::text as day
     from (select (((now() at time zone 'Europe/Bucharest')::date + $1::int) + time '12:00') at time zone 'Europe/Bucharest' as at)`,
    [3 + hour],
  );
  const answer = await api.fetch("/v1/public/holds", {
    method: "POST",
    headers: { "content-type": "application/json", "x-visitor-id": `visitor-${hour}` },
    body: JSON.stringify({ calendar: ids[calendar], startsAt: at }),
  });
  expect(answer.status, answer.text).toBe(201);
  return { token: answer.body.token, day };
}
const release = (token: string): Promise<Json> =>
  api.fetch("/v1/public/holds/release", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });

describe("SCH-07: GET /v1/public/availability/live", () => {
  it("tells within a second on which days a hold and its release change the times", async () => {
    const reader = await listen(api.url, ids.visits ?? "", { "accept-encoding": "gzip, br" });
    expect(reader.heard[0]).toMatchObject({ name: "ready", days: null });
    const { headers } = reader.response;
    expect(headers.get("content-type")).toBe("text/event-stream");
    expect(headers.get("cache-control")).toContain("no-store");
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect(headers.get("content-encoding")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBe("*");
    const { token, day } = await hold();
    const held = performance.now();
    const first = await reader.change();
    expect(first.days).toEqual([day]);
    expect(first.at - held).toBeLessThan(process.env.CI ? 5_000 : 1_000);
    await release(token);
    expect((await reader.change()).days).toEqual([day]);
  });

  it("tells of a specialist who is booked through another calendar, and nothing of another clinic", async () => {
    const [visits, elsewhere] = await Promise.all(
      ["visits", "elsewhere"].map((name) => listen(api.url, ids[name] ?? "")),
    );
    const { day } = await hold("pool");
    await until(() => (visits?.heard.length ?? 0) > 1, "the pool's hold", 3_000).catch(() => {});
    // Of the pool it may have been the other one, whose turn it was: then hers is next.
    if (visits?.heard.length === 1) await hold("pool");
    expect((await visits?.change())?.days).toHaveLength(1);
    expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(elsewhere?.heard).toHaveLength(1);
  });

  it("tells that a hold has expired, which writes nothing", async () => {
    const { day } = await hold();
    const reader = await listen(api.url, ids.visits ?? "");
    await api.sql(
      "update app_private.time_claims set expires_at = clock_timestamp() + interval '1.5 seconds' where kind = 'hold' and released_at is null and lower(during)::date = $1::date",
      [day],
    );
    expect((await reader.change()).days).toEqual([day]);
    await quiet();
    expect(reader.heard).toHaveLength(2);
  });

  it("tells of an edit that any day may have changed", async () => {
    const reader = await listen(api.url, ids.visits ?? "");
    await api.sql("update app_public.calendars set notice_minutes = 180 where id = $1", [ids.visits]);
    expect((await reader.change()).days).toBeNull();
  });

  it("tells whoever begins nothing of what was before, and the same to all who listen", async () => {
    const early = await listen(api.url, ids.visits ?? "");
    const { day } = await hold();
    await early.change();
    const late = await listen(api.url, ids.visits ?? "");
    await quiet();
    expect([early.heard.length, late.heard.length]).toEqual([2, 1]);
    await hold();
    expect((await early.change()).days).toEqual((await late.change()).days);
    expect(day).not.toBe("");
  });

  it.each([
    ["no calendar", "", 400, "VALIDATION", "required"],
    ["what is no id", "?calendar=visits", 400, "VALIDATION", "field_invalid"],
    [
      "another parameter",
      "?calendar=0190a5a0-1111-7111-8111-000000000000&a=b",
      400,
      "VALIDATION",
      "field_unknown",
    ],
    [
      "what is not there",
      "?calendar=0190a5a0-1111-7111-8111-000000000000",
      404,
      "NOT_FOUND",
      "calendar_not_found",
    ],
  ])("refuses %s as JSON, before a stream begins", async (_, query, status, code, reason) => {
    const answer = await api.fetch(`/v1/public/availability/live${query}`);
    expect(answer.status).toBe(status);
    expect(refusalOf(answer)).toMatchObject({ code, reason });
    expect(answer.headers.get("content-type")).toContain("application/json");
  });

  it("knows no calendar that is for staff or of a clinic that has not opened", async () => {
    for (const name of ["for staff", "not open yet"]) {
      const answer = await api.fetch(`/v1/public/availability/live?calendar=${ids[name]}`);
      expect(answer.status).toBe(404);
      expect(refusalOf(answer).reason).toBe("calendar_not_found");
    }
  });

  it.each([
    ["soon off", "is_active = false"],
    ["soon for staff", "is_public = false"],
  ])("tells that a calendar changed (%s) and ends", async (name, edit) => {
    const reader = await listen(api.url, ids[name] ?? "");
    await api.sql(`update app_public.calendars set ${edit} where id = $1`, [ids[name]]);
    expect((await reader.change()).days).toBeNull();
    await until(reader.isOver, "the end");
    expect((await listen(api.url, ids[name] ?? "")).response.status).toBe(404);
  });

  it("answers a HEAD and ends", async () => {
    const response = await fetch(`${api.url}/v1/public/availability/live?calendar=${ids.visits}`, {
      method: "HEAD",
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});

describe("SCH-07: who comes again", () => {
  it("hears what was missed, of this process or another, and nothing where nothing was", async () => {
    const other = await startBeside(api, {}, { lookBackMs: LOOK_BACK_MS });
    try {
      await settled();
      const reader = await listen(api.url, ids.visits ?? "");
      const id = reader.heard[0]?.id ?? "";
      reader.stop();
      const { day } = await hold();
      for (const url of [api.url, other.url]) {
        const again = await listen(url, ids.visits ?? "", { "last-event-id": id });
        expect(again.heard[0]).toMatchObject({ name: "ready", days: [] });
        expect((await again.change()).days).toEqual([day]);
      }
    } finally {
      await other.close();
    }
  });

  it("hears that any day may have changed where it is not known what was missed", async () => {
    const long = String(Date.now() - 301_000);
    for (const id of [long, "x", "", String(Date.now() + 3_600_000), "1e12", "0".repeat(13)]) {
      const again = await listen(api.url, ids.elsewhere ?? "", { "last-event-id": id });
      expect((await again.change()).days, id).toBeNull();
      again.stop();
    }
  });

  it("may have been quiet for long: the beats say how far it knows of everything", async () => {
    await settled();
    const reader = await listen(api.url, ids.elsewhere ?? "");
    const begun = reader.lastId();
    await until(() => reader.lastId() > begun, "a beat with a later id");
    expect(reader.comments).toContain("beat");
    expect(reader.heard).toHaveLength(1);
    const again = await listen(api.url, ids.elsewhere ?? "", { "last-event-id": reader.lastId() });
    await quiet();
    expect(again.heard.map(({ name, days }) => [name, days])).toEqual([["ready", []]]);
  });
});

describe("SCH-07, FND-27: streams are bounded", () => {
  it("so many of one address, and one more when one has gone", async () => {
    const readers = await Promise.all(Array.from({ length: 20 }, () => listen(api.url, ids.visits ?? "")));
    const answer = await api.fetch(`/v1/public/availability/live?calendar=${ids.visits}`);
    expect(answer.status).toBe(429);
    expect(refusalOf(answer)).toMatchObject({ reason: "too_many_streams", details: { most: 20 } });
    readers[0]?.stop();
    let again = 429;
    await until(async () => {
      again = (await listen(api.url, ids.visits ?? "")).response.status;
      return again === 200;
    }, "a place");
    expect(again).toBe(200);
    const metrics = await (await fetch(`${api.opsUrl}/metrics`)).text();
    expect(metrics).toMatch(/restartix_availability_streams\{process="api"\} 20/);
  });
});

describe("SCH-07, FND-28: the end of a process", () => {
  it("ends the streams at once, and whoever comes again goes on where they were", async () => {
    const first = await startBeside(api, {}, { lookBackMs: LOOK_BACK_MS });
    await settled();
    const reader = await listen(first.url, ids.elsewhere ?? "");
    const closing = performance.now();
    await first.close();
    expect(performance.now() - closing).toBeLessThan(5_000);
    await until(reader.isOver, "the end");
    const again = await listen(api.url, ids.elsewhere ?? "", { "last-event-id": reader.lastId() });
    await quiet();
    expect(again.heard).toHaveLength(1);
  });
});
