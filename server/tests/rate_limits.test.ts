import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../config.ts";
import { defaultRates, type Rates } from "../limits/rates.ts";
import { createLog } from "../log.ts";
import { startServer } from "../server.ts";
import { probes } from "./probes.ts";
import { type Answer, refusalOf, startTestApi, type TestApi } from "./support.ts";

/** Rates so small that a test reaches them, and so slow that nothing comes back meanwhile. */
const slow = (burst: number) => ({ perMinute: 1, burst });

const open: TestApi[] = [];
async function start(rates: Partial<Rates>, config: Partial<Config> = {}): Promise<TestApi> {
  const api = await startTestApi({
    before: probes,
    config: { rates: { ...defaultRates, ...rates }, trustProxy: 1, ...config },
  });
  open.push(api);
  return api;
}
afterEach(async () => {
  for (const api of open.splice(0)) await api.close();
});

const ping = "{ __typename }";
const from = (address: string) => ({ "x-forwarded-for": address });

function expectRefused(answer: Answer, limit: string): void {
  expect(answer.status).toBe(429);
  const refusal = refusalOf(answer);
  expect(refusal).toMatchObject({ code: "RATE_LIMITED", reason: "too_many_requests", details: { limit } });
  expect(refusal.details.retryAfterSeconds).toBeGreaterThan(0);
  expect(answer.headers.get("retry-after")).toBe(String(refusal.details.retryAfterSeconds));
  expect(answer.headers.get("ratelimit")).toContain(`"${limit}";r=`);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.body.data).toBeUndefined();
}

describe("FND-27: limits per caller", () => {
  it("count a visitor's requests by address, and another address's not", async () => {
    const api = await start({ graphql: slow(3) });
    for (const left of [2, 1, 0]) {
      const answer = await api.graphql(ping, { headers: from("203.0.113.7") });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("ratelimit")).toMatch(new RegExp(`^"graphql";r=${left};t=\\d+`));
      expect(answer.headers.get("ratelimit-policy")).toMatch(/^"graphql";q=3;w=180/);
    }
    expectRefused(await api.graphql(ping, { headers: from("203.0.113.7") }), "graphql");
    expect((await api.graphql(ping, { headers: from("203.0.113.8") })).status).toBe(200);
  });

  it("take an IPv6 network for one address", async () => {
    const api = await start({ graphql: slow(1) });
    expect((await api.graphql(ping, { headers: from("2001:db8:1:2::1") })).status).toBe(200);
    expectRefused(await api.graphql(ping, { headers: from("2001:db8:1:2:ffff::9") }), "graphql");
    expect((await api.graphql(ping, { headers: from("2001:db8:1:3::1") })).status).toBe(200);
  });

  it("believe no address that a caller writes, without a proxy in front", async () => {
    const api = await start({ graphql: slow(1) }, { trustProxy: 0 });
    expect((await api.graphql(ping, { headers: from("203.0.113.7") })).status).toBe(200);
    expectRefused(await api.graphql(ping, { headers: from("203.0.113.8") }), "graphql");
  });

  it("are not escaped by another visitor id", async () => {
    const api = await start({ graphql: slow(1) });
    expect((await api.graphql(ping, { headers: { "x-visitor-id": "one" } })).status).toBe(200);
    expectRefused(await api.graphql(ping, { headers: { "x-visitor-id": "two" } }), "graphql");
  });

  it("count whoever is signed in by themselves, wherever they come from", async () => {
    const api = await start({ graphql: slow(2) });
    const [ana, dan] = ["ana", "dan"].map((name) =>
      api.token({ subject: name, email: `${name}@example.org` }),
    );
    expect((await api.graphql(ping, { token: ana ?? "", headers: from("203.0.113.7") })).status).toBe(200);
    expect((await api.graphql(ping, { token: ana ?? "", headers: from("198.51.100.1") })).status).toBe(200);
    expectRefused(await api.graphql(ping, { token: ana ?? "", headers: from("192.0.2.1") }), "graphql");
    expect((await api.graphql(ping, { token: dan ?? "", headers: from("203.0.113.7") })).status).toBe(200);
    expect((await api.graphql(ping, { headers: from("203.0.113.7") })).status).toBe(200);
  });

  it("refuse before the database is asked: nobody is signed in, nothing is written", async () => {
    const api = await start({ graphql: slow(1) });
    await api.graphql(ping, { headers: from("203.0.113.7") });
    const { status } = await api.graphql(ping, {
      token: api.token({ subject: "new", email: "new@example.org" }),
      headers: from("203.0.113.7"),
    });
    expect(status).toBe(200);
    await api.sql("alter function app_hidden.sign_in rename to sign_in_is_gone");
    expectRefused(
      await api.graphql(ping, { token: api.token({ subject: "new", email: "new@example.org" }) }),
      "graphql",
    );
    await api.sql("alter function app_hidden.sign_in_is_gone rename to sign_in");
  });

  it("are each route's own, and hold for the booking paths", async () => {
    const api = await start({ publicBooking: slow(2) });
    for (let n = 0; n < 2; n++) expect((await api.fetch("/v1/public/availability")).status).toBe(400);
    expectRefused(await api.fetch("/v1/public/availability"), "publicBooking");
    expect((await api.graphql(ping)).status).toBe(200);
    expect((await api.fetch("/healthz")).status).toBe(200);
  });

  it("count mutations apart, each one of a document", async () => {
    const api = await start({ mutations: slow(2) });
    const mutation = 'mutation { probeFailure(input: {kind: "nothing"}) { result } }';
    const two =
      'mutation { a: probeFailure(input: {kind: "x"}) { result } b: probeFailure(input: {kind: "y"}) { result } }';
    expect((await api.graphql(two)).status).toBe(200);
    expectRefused(await api.graphql(mutation), "mutations");
    expect((await api.graphql("{ probeSession }")).status).toBe(200);
  });

  it("count what documents cost: a few large ones are as many small ones", async () => {
    const api = await start({ graphqlCost: slow(100) });
    const large = "{ probeThings(first: 100) { nodes { rowId } totalCount aggregates { sum { rowId } } } }";
    const first = await api.graphql(large);
    expect(first.status).toBe(200);
    const left = Number(/"graphqlCost";r=(\d+)/.exec(first.headers.get("ratelimit") ?? "")?.[1]);
    expect(left).toBeLessThan(80);
    for (let n = 0; n < 3; n++) await api.graphql(large);
    expectRefused(await api.graphql(large), "graphqlCost");
    expect((await api.graphql(ping)).status).toBe(200);
  });

  it("hold for all people of a clinic together, and nobody outside can use them up", async () => {
    const api = await start({ organization: slow(2) });
    const [{ clinic, other }] = await api.sql(
      "select tests.clinic('atlas') as clinic, tests.clinic('boreal') as other, tests.clinic('atlas')",
    );
    await api.sql(
      `select tests.staff('ana', 'admin', 'atlas'), tests.staff('dan', 'front_desk', 'atlas'), tests.staff('otto', 'admin', 'boreal');
       update app_private.identities set issuer = $$${api.config.identity.issuer}$$`,
    );
    const subjects = await api.sql(
      "select p.name, i.subject, h.email from tests.personas p join app_public.humans h on h.principal_id = p.principal_id left join app_private.identities i on i.principal_id = p.principal_id",
    );
    const as = (name: string, organization: string) => {
      const person = subjects.find((row) => row.name === name);
      const token = api.token({ subject: person.subject ?? `subject ${name}`, email: person.email });
      return api.graphql(ping, { token, headers: { "x-organization": organization } });
    };
    for (let n = 0; n < 3; n++) expect((await as("otto", clinic)).status).toBe(403);
    expect((await as("ana", clinic)).status).toBe(200);
    expect((await as("dan", clinic.toUpperCase())).status).toBe(200);
    expectRefused(await as("ana", clinic), "organization");
    expect((await as("otto", other)).status).toBe(200);
  });

  it("say what is left to a page of any origin", async () => {
    const api = await start({});
    const answer = await api.graphql(ping);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/RateLimit, RateLimit-Policy/);
    expect(answer.headers.get("ratelimit")).toMatch(/^"graphql";r=\d+;t=\d+, "graphqlCost";r=\d+;t=\d+$/);
  });
});

describe("FND-27: a flood of bad tokens", () => {
  it("is told to come back later, by address, while a good token from there still comes in", async () => {
    const api = await start({ badTokens: slow(5) });
    const forged = `${api.token().split(".").slice(0, 2).join(".")}.${"A".repeat(342)}`;
    const attempts = [];
    for (let n = 0; n < 8; n++)
      attempts.push(await api.graphql(ping, { token: forged, headers: from("203.0.113.7") }));
    expect(attempts.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expectRefused(attempts.at(-1) as Answer, "badTokens");
    expect((await api.graphql(ping, { token: api.token(), headers: from("203.0.113.7") })).status).toBe(200);
    expect((await api.graphql(ping, { token: forged, headers: from("203.0.113.8") })).status).toBe(401);
    expect(
      (
        await api.fetch("/v1/public/availability", {
          headers: { authorization: "Bearer a.b.c", ...from("203.0.113.7") },
        })
      ).status,
    ).toBe(429);
  });

  it("does not reach the database", async () => {
    const api = await start({ badTokens: slow(5) });
    const calls =
      "select coalesce(sum(xact_commit + xact_rollback), 0)::int as n from pg_stat_database where datname = current_database()";
    await api.sql("select pg_stat_force_next_flush()");
    const [{ n: before }] = await api.sql(calls);
    for (let n = 0; n < 100; n++) await api.graphql(ping, { token: "a.b.c" });
    await api.sql("select pg_stat_force_next_flush()");
    const [{ n: after }] = await api.sql(calls);
    expect(after - before).toBeLessThan(10);
  });
});

describe("FND-27: several servers", () => {
  it("know of each other what callers spent, and go on when the store is gone", async () => {
    const one = await start({ graphql: slow(20) });
    const other = await startServer({ ...one.config, port: 0 }, createLog({ logLevel: "silent" }));
    const ask = async (url: string) =>
      (
        await fetch(`${url}/graphql`, {
          method: "POST",
          headers: { "content-type": "application/json", ...from("203.0.113.7") },
          body: JSON.stringify({ query: ping }),
        })
      ).status;
    for (let n = 0; n < 18; n++) expect(await ask(one.url)).toBe(200);
    await one.sql("select pg_sleep(2.5)"); // each tells the other within a second
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push(await ask(other.url));
    await one.sql("select pg_sleep(2.5)");
    for (let n = 0; n < 4; n++) statuses.push(await ask(other.url));
    // What this one did not know of when it was asked first, it has heard of by the second time.
    expect(statuses.slice(4)).toEqual([429, 429, 429, 429]);
    expect(await one.sql("select from app_private.spent_allowances")).toHaveLength(1);
    expect(JSON.stringify(await one.sql("select * from app_private.spent_allowances"))).not.toContain(
      "203.0.113",
    );

    await one.sql("alter function app_hidden.share_spending rename to share_spending_is_gone");
    for (let n = 0; n < 20; n++)
      expect([200, 429]).toContain((await one.graphql(ping, { headers: from("198.51.100.9") })).status);
    expectRefused(await one.graphql(ping, { headers: from("198.51.100.9") }), "graphql");
    await one.sql("select pg_sleep(1.5)");
    expect(one.logs()).toContain("rate limits are not shared; this server counts alone");
    await other.close();
  }, 60_000);
});

describe("FND-27: many requests at once from one address", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ before: probes, config: { poolSize: 5, trustProxy: 1 } });
    await api.sql(`
      select tests.clinic('atlas');
      select tests.specialist('ana', weekly => '{"mon": [["08:00", "20:00"]]}');
      select tests.calendar('days', specialists => '{ana}', minutes => 30);
      update app_public.organizations set holds_per_visitor = 20, holds_per_address = 60`);
  });
  afterAll(() => api.close());

  const slow = (address: string) =>
    api.graphql('mutation { probeFailure(input: {kind: "short"}) { result } }', { headers: from(address) });

  it("leave connections for others: writers wait in line, and a query from elsewhere is answered at once", async () => {
    const flood = Array.from({ length: 12 }, () => slow("203.0.113.7"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startedAt = performance.now();
    const other = await api.graphql("{ probeSession }", { headers: from("198.51.100.1") });
    expect(other.status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(1_000);

    const answers = await Promise.all(flood);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).not.toContain(503);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    const refused = answers.find(({ status }) => status === 429);
    expect(refusalOf(refused as Answer)).toMatchObject({ code: "RATE_LIMITED", reason: "too_many_at_once" });
    expect(refused?.headers.get("retry-after")).toBe("1");
  });

  it("keep their turn until the database is done, also when the caller hangs up", async () => {
    const gone = Array.from({ length: 3 }, () => {
      const hangUp = new AbortController();
      const request = api
        .fetch("/graphql", {
          method: "POST",
          headers: { "content-type": "application/json", ...from("203.0.113.9") },
          body: JSON.stringify({ query: 'mutation { probeFailure(input: {kind: "short"}) { result } }' }),
          signal: hangUp.signal,
        })
        .catch(() => null);
      return { hangUp, request };
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const { hangUp } of gone) hangUp.abort();
    await Promise.all(gone.map(({ request }) => request));
    const startedAt = performance.now();
    expect((await slow("203.0.113.9")).status).toBe(200);
    // Its own second and a half comes after what was left of theirs.
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
  });

  it("sixty holds for one time are one hold and fifty-nine answers, none of them 503 (SCH-06)", async () => {
    const [{ calendar, at }] = await api.sql(`
      select c.id as calendar, to_json(s.starts_at) #>> '{}' as at from app_public.calendars c
      cross join lateral app_public.available_slots(c.id, now() + interval '2 days', now() + interval '16 days') s limit 1`);
    const statuses = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        api
          .fetch("/v1/public/holds", {
            method: "POST",
            headers: {
              "content-type": "application/json",
              "x-visitor-id": `visitor-${n}`,
              ...from("203.0.113.10"),
            },
            body: JSON.stringify({ calendar, startsAt: at }),
          })
          .then(({ status }) => status),
      ),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(59);
  });
});
