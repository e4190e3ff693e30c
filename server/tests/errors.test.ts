import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { probes } from "./probes.ts";
import { type Doors, refusalOf, startBeside, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await startTestApi({
    because: "probes that fail in every way are functions of its database",
    probes,
  });
  token = api.token();
});
afterAll(() => api.close());

const fail = (kind: string, value = "", at: Doors = api) =>
  at.graphql(
    "mutation ($kind: String!, $value: String) { probeFailure(input: {kind: $kind, value: $value}) { result } }",
    {
      token,
      variables: { kind, value },
    },
  );

describe("FND-29: an error of the database", () => {
  it("that is ours passes with code, reason, details and hint", async () => {
    const answer = await fail("refusal");
    expect(answer.body.errors[0]).toMatchObject({
      message: "Somebody else has just taken this time. Choose another.",
      path: ["probeFailure"],
      extensions: {
        code: "SLOT_TAKEN",
        reason: "slot_taken",
        details: { startsAt: "2027-03-08T07:00:00Z" },
        hint: "Somebody else has just taken this time. Choose another.",
      },
    });
    expect(answer.body.data).toBeNull();
  });

  it.each([
    ["check", "VALIDATION", "rule_broken", { field: "label", rule: "label is short" }],
    ["null", "VALIDATION", "required", { field: "label", rule: "label is required" }],
    ["unique", "CONFLICT", "already_exists", { field: "label", rule: "label is unique" }],
    ["primary key", "CONFLICT", "already_exists", { field: "id", rule: "id already exists" }],
    [
      "reference",
      "VALIDATION",
      "reference_not_found",
      { field: "parentId", rule: "parent names something that does not exist" },
    ],
    ["referenced", "CONFLICT", "still_referenced", { rule: "parent is still referenced" }],
  ])(
    "from a broken constraint (%s) names the field and the rule, and no value",
    async (kind, code, reason, details) => {
      const answer = await fail(kind, "canary-value");
      expect(refusalOf(answer)).toMatchObject({ code, reason, details });
      expect(answer.text).not.toMatch(/canary|probe_rows|FIRST|Failing row|Key \(/);
    },
  );

  it.each([
    ["uuid", "canary-not-a-uuid", "value_not_readable"],
    ["date", "canary-not-a-date", "date_not_readable"],
    ["date", "2027-02-31", "date_out_of_range"],
    ["number", "99999999999", "value_out_of_range"],
  ])("from a value that is no %s is VALIDATION and does not repeat it", async (kind, value, reason) => {
    const answer = await fail(kind, value);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason });
    expect(answer.text).not.toContain(value);
  });

  it("about a NUL in a text is VALIDATION", async () => {
    expect(refusalOf(await fail("uuid", "a\u0000b")).code).toBe("VALIDATION");
  });

  it("about a right that is missing is FORBIDDEN, without the name of what it was", async () => {
    const answer = await fail("denied");
    expect(refusalOf(answer)).toMatchObject({ code: "FORBIDDEN", reason: "not_allowed" });
    expect(answer.text).not.toMatch(/probe_secrets|permission|table/);
  });

  it.each(["raise", "division"])(
    "that nobody foresaw (%s) is INTERNAL with an id that the log knows",
    async (kind) => {
      const answer = await fail(kind, "canary-value");
      const refusal = refusalOf(answer);
      expect(refusal).toMatchObject({ code: "INTERNAL", reason: "unexpected" });
      expect(answer.text).not.toMatch(/canary|division|pg_|app_public/);
      expect(api.logs()).toContain(refusal.details.errorId);
      expect(api.logs()).not.toContain("canary");
    },
  );

  it("about a statement of more than five seconds is a clear time-out", async () => {
    const startedAt = performance.now();
    const answer = await fail("slow");
    expect(refusalOf(answer)).toMatchObject({ code: "TIMEOUT", reason: "statement_timeout" });
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  });

  it("never happens unnoticed: statement, lock and idle time-outs stand on every connection", async () => {
    const { body } = await api.graphql("{ probeSession }");
    expect(body.data.probeSession).toMatchObject({
      statementTimeout: "5s",
      lockTimeout: "2s",
      idleTimeout: "10s",
    });
  });
});

describe("FND-29: FORBIDDEN and NOT_FOUND", () => {
  const update = (id: number) =>
    api.graphql(
      'mutation ($id: Int!) { updateProbeThing(input: {id: $id, patch: {name: "new"}}) { probeThing { id } } }',
      {
        token,
        variables: { id: id },
      },
    );

  it("tell apart a right that is missing from a row that is not there", async () => {
    expect(refusalOf(await fail("denied")).code).toBe("FORBIDDEN");
    expect(refusalOf(await update(9_999)).code).toBe("NOT_FOUND");
  });

  it("do not tell apart a row that is hidden from one that does not exist, and nothing is written", async () => {
    const hidden = await update(149);
    const random = await update(9_999);
    expect(hidden.body).toEqual(random.body);
    expect(refusalOf(hidden)).toMatchObject({ code: "NOT_FOUND", reason: "not_found" });
    expect(hidden.body.data).toBeNull();
    expect(await api.sql("select name from app_public.probe_things where id = 149")).toEqual([
      { name: "thing 149" },
    ]);
  });

  it("leave an update that finds its row alone", async () => {
    expect((await update(1)).body).toEqual({ data: { updateProbeThing: { probeThing: { id: 1 } } } });
  });
});

describe("FND-29: a server that is busy", () => {
  let busy: Awaited<ReturnType<typeof startBeside>>;
  beforeAll(async () => {
    busy = await startBeside(api, { poolSize: 2, poolPatienceMs: 600 });
  });
  afterAll(() => busy?.close());

  it("answers 503 with Retry-After within a second when no connection is free, and recovers", async () => {
    const long = [fail("short", "", busy), fail("short", "", busy)];
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startedAt = performance.now();
    const [visitor, member] = await Promise.all([
      busy.graphql("{ probeSession }"),
      busy.graphql("{ probeSession }", { token }),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    for (const answer of [visitor, member]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("1");
      expect(refusalOf(answer)).toMatchObject({ code: "UNAVAILABLE" });
    }
    await Promise.all(long);
    expect((await busy.graphql("{ probeSession }", { token })).status).toBe(200);
  });

  it("says that it is not ready while the database does not answer, and is up all the same", async () => {
    expect((await busy.fetch("/readyz")).body).toEqual({
      status: "ready",
      checks: { database: "up", migrations: "current" },
    });
    const long = [fail("slow", "", busy), fail("slow", "", busy)];
    // What was found a moment ago is told for a second.
    await vi.waitFor(async () => expect((await busy.fetch("/readyz")).status).toBe(503), {
      timeout: 4_000,
      interval: 100,
    });
    expect((await busy.fetch("/healthz")).body).toEqual({ status: "up" });
    await Promise.all(long);
  });
});
