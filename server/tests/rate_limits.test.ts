import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ifBusy } from "../../db/testing/busy.ts";
import { defaultRates } from "../limits/rates.ts";
import { atOnceCases } from "./at_once.cases.ts";
import { probes } from "./probes.ts";
import { type Answer, refusalOf, startBeside, startTestApi, type TestApi } from "./support.ts";

/** Rates so small that a test reaches them, and so slow that nothing comes back meanwhile. */
const slow = (burst: number) => ({ perMinute: 1, burst });

let api: TestApi;
/** The same without a proxy in front. */
let bare: Awaited<ReturnType<typeof startBeside>>;
beforeAll(async () => {
  const rates = {
    ...defaultRates,
    graphql: slow(3),
    graphqlCost: slow(200),
    mutations: slow(2),
    uploads: slow(1),
    publicBooking: slow(2),
    organization: slow(2),
    badTokens: slow(5),
  };
  api = await startTestApi({
    because: "its rates are low, and what callers spent is counted",
    probes,
    config: { rates, trustProxy: 1 },
  });
  bare = await startBeside(api, { trustProxy: 0 });
});
afterAll(async () => {
  await bare.close();
  await api.close();
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
    for (const left of [2, 1, 0]) {
      const answer = await api.graphql(ping, { headers: from("203.0.113.1") });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("ratelimit")).toMatch(new RegExp(`^"graphql";r=${left};t=\\d+`));
      expect(answer.headers.get("ratelimit-policy")).toMatch(/^"graphql";q=3;w=180/);
    }
    expectRefused(await api.graphql(ping, { headers: from("203.0.113.1") }), "graphql");
    expect((await api.graphql(ping, { headers: from("203.0.113.2") })).status).toBe(200);
  });

  it("count uploads by themselves, whatever an operation calls them", async () => {
    const confirm =
      'mutation { again: confirmUpload(input: { fileId: "00000000-0000-7000-8000-000000000001" }) { __typename } }';
    expect((await api.graphql(confirm, { headers: from("203.0.113.9") })).status).toBe(200);
    expectRefused(await api.graphql(confirm, { headers: from("203.0.113.9") }), "uploads");
  });

  it("take an IPv6 network for one address", async () => {
    for (const host of ["1", "2", "ffff:1"])
      expect((await api.graphql(ping, { headers: from(`2001:db8:1:2::${host}`) })).status).toBe(200);
    expectRefused(await api.graphql(ping, { headers: from("2001:db8:1:2:ffff::9") }), "graphql");
    expect((await api.graphql(ping, { headers: from("2001:db8:1:3::1") })).status).toBe(200);
  });

  it("believe no address that a caller writes, without a proxy in front", async () => {
    const looked = (address: string) => bare.fetch("/v1/public/availability", { headers: from(address) });
    for (const n of [1, 2]) expect((await looked(`203.0.113.${n}`)).status).toBe(400);
    expectRefused(await looked("203.0.113.3"), "publicBooking");
  });

  it("are not escaped by another visitor id", async () => {
    const as = (visitor: string) =>
      api.graphql(ping, { headers: { ...from("203.0.113.5"), "x-visitor-id": visitor } });
    for (const visitor of ["one", "two", "three"]) expect((await as(visitor)).status).toBe(200);
    expectRefused(await as("four"), "graphql");
  });

  it("count whoever is signed in by themselves, wherever they come from, before the database is asked", async () => {
    const [ana = "", dan = ""] = ["ana", "dan"].map((name) =>
      api.token({ subject: name, email: `${name}@example.org` }),
    );
    for (const n of [6, 7, 8])
      expect((await api.graphql(ping, { token: ana, headers: from(`203.0.113.${n}`) })).status).toBe(200);
    await api.sql("alter function app_hidden.sign_in rename to sign_in_is_gone");
    expectRefused(await api.graphql(ping, { token: ana, headers: from("203.0.113.9") }), "graphql");
    await api.sql("alter function app_hidden.sign_in_is_gone rename to sign_in");
    expect((await api.graphql(ping, { token: dan, headers: from("203.0.113.6") })).status).toBe(200);
    expect((await api.graphql(ping, { headers: from("203.0.113.6") })).status).toBe(200);
  });

  it("are each route's own", async () => {
    const look = () => api.fetch("/v1/public/availability", { headers: from("203.0.113.10") });
    for (let n = 0; n < 2; n++) expect((await look()).status).toBe(400);
    expectRefused(await look(), "publicBooking");
    expect((await api.graphql(ping, { headers: from("203.0.113.10") })).status).toBe(200);
    expect((await api.fetch("/healthz", { headers: from("203.0.113.10") })).status).toBe(200);
  });

  it("count mutations apart, each one of a document", async () => {
    const failing = (name: string) => `${name}: probeFailure(input: {kind: "nothing"}) { result }`;
    const headers = from("203.0.113.11");
    expect((await api.graphql(`mutation { ${failing("a")} ${failing("b")} }`, { headers })).status).toBe(200);
    expectRefused(await api.graphql(`mutation { ${failing("a")} }`, { headers }), "mutations");
    expect((await api.graphql("{ probeSession }", { headers })).status).toBe(200);
  });

  it("count what documents cost: few large ones are as many small ones", async () => {
    const small = "{ probeThings(first: 1) { totalCount } }";
    const headers = from("203.0.113.12");
    const first = await api.graphql(
      `{ a: probeThings(first: 100) { nodes { probeParts(first: 8) { nodes { id } } } } }`,
      { headers },
    );
    expect(first.status).toBe(200);
    const left = Number(/"graphqlCost";r=(\d+)/.exec(first.headers.get("ratelimit") ?? "")?.[1]);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(80);
    expectRefused(
      await api.graphql(
        `{ a: probeThings(first: 100) { nodes { probeParts(first: 8) { nodes { id } } } } }`,
        { headers },
      ),
      "graphqlCost",
    );
    expect((await api.graphql(small, { headers })).status).toBe(200);
  });

  it("hold for all people of a clinic together, and nobody outside can use them up", async () => {
    const [{ atlas, boreal }] = await api.sql(`
      select tests.clinic('atlas'), tests.staff('ana', 'admin'), tests.staff('dan', 'front_desk');
      select tests.clinic('boreal'), tests.staff('otto', 'admin');
      select tests.clinic_id('atlas') as atlas, tests.clinic_id('boreal') as boreal`);
    const as = async (name: string, organization: string) => {
      const [{ email }] = await api.sql(
        "select email from app_public.humans where principal_id = (select principal_id from tests.personas where name = $1)",
        [name],
      );
      const token = api.token({ subject: `${name} at work`, email });
      return api.graphql(ping, { token, headers: { "x-organization": organization } });
    };
    for (let n = 0; n < 2; n++) expect((await as("otto", atlas)).status).toBe(403);
    expect((await as("ana", atlas)).status).toBe(200);
    expect((await as("dan", atlas.toUpperCase())).status).toBe(200);
    expectRefused(await as("ana", atlas), "organization");
    expect((await as("otto", boreal)).status).toBe(200);
  });

  it("say what is left to a page of any origin", async () => {
    const answer = await api.graphql(ping, { headers: from("203.0.113.13") });
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/RateLimit,RateLimit-Policy/);
    expect(answer.headers.get("ratelimit")).toMatch(/^"graphql";r=\d+;t=\d+, "graphqlCost";r=\d+;t=\d+$/);
  });
});

describe("FND-27: a flood of bad tokens", () => {
  it("is told to come back later, by address, while a good token from there still comes in", async () => {
    const forged = `${api.token().split(".").slice(0, 2).join(".")}.${"A".repeat(342)}`;
    const attempts: Answer[] = [];
    for (let n = 0; n < 8; n++)
      attempts.push(await api.graphql(ping, { token: forged, headers: from("203.0.113.20") }));
    expect(attempts.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expectRefused(attempts.at(-1) as Answer, "badTokens");
    const good = api.token({ subject: "good", email: "good@example.org" });
    expect((await api.graphql(ping, { token: good, headers: from("203.0.113.20") })).status).toBe(200);
    expect((await api.graphql(ping, { token: forged, headers: from("203.0.113.21") })).status).toBe(401);
    const elsewhere = await api.fetch("/v1/public/availability", {
      headers: { authorization: "Bearer a.b.c", ...from("203.0.113.20") },
    });
    expect(elsewhere.status).toBe(429);
  });

  it("does not reach the database", async () => {
    const transactions = async (): Promise<number> => {
      await api.sql("select pg_stat_force_next_flush()");
      const [{ n }] = await api.sql(
        "select (xact_commit + xact_rollback)::int as n from pg_stat_database where datname = current_database()",
      );
      return n;
    };
    const before = await transactions();
    for (let n = 0; n < 100; n++) await api.graphql(ping, { token: "a.b.c", headers: from("203.0.113.22") });
    expect((await transactions()) - before).toBeLessThan(20);
  });
});

describe("FND-27: several servers", () => {
  it("know of each other what callers spent, and go on when the store is gone", async () => {
    // Behind its proxy the one sees the address that the other is asked from.
    const here = { headers: from("127.0.0.1") };
    for (let n = 0; n < 3; n++) expect((await api.graphql(ping, here)).status).toBe(200);
    await sleep(ifBusy(1_500)); // they share once a second
    // What the other has not heard of when it is asked first, it has heard of once it has told its own.
    await bare.graphql(ping);
    await sleep(ifBusy(1_500)); // they share once a second
    expectRefused(await bare.graphql(ping), "graphql");
    const known = await api.sql("select * from app_private.spent_allowances");
    expect(known.length).toBeGreaterThan(0);
    expect(JSON.stringify(known)).not.toContain("127.0.0.1");

    await api.sql("alter function app_hidden.share_spending rename to share_spending_is_gone");
    const alone = { headers: from("203.0.113.31") };
    for (let n = 0; n < 3; n++) expect((await api.graphql(ping, alone)).status).toBe(200);
    await sleep(ifBusy(1_500)); // they share once a second
    expectRefused(await api.graphql(ping, alone), "graphql");
    expect(api.logs()).toContain("rate limits are not shared; this server counts alone");
    await api.sql("alter function app_hidden.share_spending_is_gone rename to share_spending");
  });
});

describe("FND-27: many requests at once from one address", () => atOnceCases(() => api));
