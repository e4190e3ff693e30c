import { getIntrospectionQuery } from "grafast/graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../http/document_limits.ts";
import { probes } from "./probes.ts";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let production: TestApi;
beforeAll(async () => {
  api = await startTestApi({ probes });
  production = await startTestApi({ probes, config: { mode: "production", identity: clerkLike() } });
});
afterAll(async () => {
  await api.close();
  await production.close();
});

/** Production has no issuer of its own: any key will do for a door that only visitors use here. */
function clerkLike() {
  return {
    source: "clerk" as const,
    issuer: "https://clerk.example",
    authorizedParties: ["https://app.example"],
    pem: "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
  };
}

const post = (body: string, headers: Record<string, string> = {}) =>
  api.fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

/** The quickest of up to ten answers: what is asked is the work, not what else the machine does meanwhile. */
async function quickest(query: string) {
  let ms = Number.POSITIVE_INFINITY;
  let answer = await api.graphql(query);
  for (let times = 0; times < 10 && ms >= 50; times++) {
    const startedAt = performance.now();
    answer = await api.graphql(query);
    ms = Math.min(ms, performance.now() - startedAt);
  }
  return { answer, ms };
}

describe("FND-29: a page", () => {
  const names = (answer: Awaited<ReturnType<TestApi["graphql"]>>) =>
    answer.body.data.probeThings.nodes.length;

  it("has fifty rows when nobody says how many", async () => {
    expect(names(await api.graphql("{ probeThings { nodes { rowId } } }"))).toBe(50);
    expect(names(await api.graphql("query ($n: Int) { probeThings(first: $n) { nodes { rowId } } }"))).toBe(
      50,
    );
    expect(names(await api.graphql("{ probeThings(first: null) { nodes { rowId } } }"))).toBe(50);
  });

  it("has as many as were asked for, up to a hundred, from either end", async () => {
    expect(names(await api.graphql("{ probeThings(first: 7) { nodes { rowId } } }"))).toBe(7);
    expect(names(await api.graphql("{ probeThings(first: 100) { nodes { rowId } } }"))).toBe(100);
    const last = await api.graphql("{ probeThings(last: 2, orderBy: ROW_ID_ASC) { nodes { rowId } } }");
    expect(last.body.data.probeThings.nodes).toEqual([{ rowId: 147 }, { rowId: 148 }]);
  });

  it("goes on with a cursor, page after page, and knows the total", async () => {
    const first = await api.graphql(
      "{ probeThings(first: 100) { totalCount pageInfo { hasNextPage endCursor } } }",
    );
    expect(first.body.data.probeThings).toMatchObject({ totalCount: 148, pageInfo: { hasNextPage: true } });
    const next = await api.graphql(
      "query ($after: Cursor) { probeThings(first: 100, after: $after) { nodes { rowId } pageInfo { hasNextPage } } }",
      {
        variables: { after: first.body.data.probeThings.pageInfo.endCursor },
      },
    );
    expect(next.body.data.probeThings.nodes).toHaveLength(48);
    expect(next.body.data.probeThings.pageInfo.hasNextPage).toBe(false);
  });

  it("is fifty inside another page too", async () => {
    const answer = await api.graphql("{ probeThing(rowId: 1) { probePartsByThingId { nodes { rowId } } } }");
    expect(answer.body.data.probeThing.probePartsByThingId.nodes).toHaveLength(50);
  });

  it("is longer for a function that says so in its comment, and still bounded", async () => {
    const all = await api.graphql("{ probeNumbers { nodes { name } totalCount } }");
    expect(all.body.data.probeNumbers.nodes).toHaveLength(500);
    expect(all.body.data.probeNumbers.totalCount).toBe(900);
    expect(refusalOf(await api.graphql("{ probeNumbers(first: 501) { nodes { name } } }"))).toMatchObject({
      code: "VALIDATION",
      details: { field: "first", most: 500 },
    });
  });

  it.each([
    ["first in the document", "{ probeThings(first: 101) { nodes { rowId } } }", {}, "first"],
    ["first below nothing", "{ probeThings(first: -1) { nodes { rowId } } }", {}, "first"],
    ["the largest first there is", "{ probeThings(first: 2147483647) { nodes { rowId } } }", {}, "first"],
    ["last in the document", "{ probeThings(last: 101) { nodes { rowId } } }", {}, "last"],
    [
      "first in a variable",
      "query ($n: Int) { probeThings(first: $n) { nodes { rowId } } }",
      { n: 101 },
      "first",
    ],
    [
      "last in a variable",
      "query ($n: Int) { probeThings(last: $n) { nodes { rowId } } }",
      { n: -5 },
      "last",
    ],
    [
      "first in a variable's default",
      "query ($n: Int = 500) { probeThings(first: $n) { nodes { rowId } } }",
      {},
      "first",
    ],
    ["first where only the total is asked for", "{ probeThings(first: 101) { totalCount } }", {}, "first"],
    [
      "first inside another page",
      "{ probeThing(rowId: 1) { probePartsByThingId(first: 101) { nodes { rowId } } } }",
      {},
      "first",
    ],
    [
      "last inside another page, in a variable",
      "query ($n: Int) { probeThing(rowId: 1) { probePartsByThingId(last: $n) { nodes { rowId } } } }",
      { n: 1000 },
      "last",
    ],
    ["an offset beyond reason", "{ probeThings(offset: 10001) { nodes { rowId } } }", {}, "offset"],
    ["an offset below nothing", "{ probeThings(offset: -1) { nodes { rowId } } }", {}, "offset"],
    ["both ends at once", "{ probeThings(first: 1, last: 1) { nodes { rowId } } }", {}, "last"],
  ])("is refused with %s, and no row comes along", async (_name, query, variables, field) => {
    const answer = await api.graphql(query, { variables });
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", details: { field } });
    expect(answer.text).not.toContain("rowId");
  });
});

describe("FND-29: a cursor", () => {
  it.each(["nonsense", "WyJuYXR1cmFsIiwxXQ==", "e30="])(
    "that never was one (%s) is VALIDATION",
    async (after) => {
      const answer = await api.graphql(
        "query ($after: Cursor) { probeThings(after: $after) { nodes { rowId } } }",
        {
          variables: { after },
        },
      );
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "cursor_not_readable" });
    },
  );
});

describe("FND-29: ordering and filtering", () => {
  const fieldsOf = async (type: string, kind: "inputFields" | "enumValues") => {
    const answer = await api.graphql(`{ __type(name: "${type}") { ${kind} { name } } }`);
    return answer.body.data.__type[kind].map((value: { name: string }) => value.name);
  };

  it("is offered on columns with an index and on no other", async () => {
    expect(await fieldsOf("ProbeThingFilter", "inputFields")).toEqual(
      expect.arrayContaining(["rowId", "name"]),
    );
    expect(await fieldsOf("ProbeThingFilter", "inputFields")).not.toContain("unindexed");
    expect(await fieldsOf("ProbeThingOrderBy", "enumValues")).toContain("NAME_ASC");
    expect(await fieldsOf("ProbeThingOrderBy", "enumValues")).not.toContain("UNINDEXED_ASC");
  });

  it("takes no condition beside filter, and refuses an empty one", async () => {
    expect(
      refusalOf(await api.graphql("{ probeThings(condition: {rowId: 1}) { nodes { rowId } } }")).code,
    ).toBe("GRAPHQL_VALIDATION");
    expect(
      refusalOf(await api.graphql("{ probeThings(filter: {rowId: {equalTo: null}}) { nodes { rowId } } }"))
        .code,
    ).toBe("VALIDATION");
  });

  it("filters, and aggregates what was filtered", async () => {
    const answer = await api.graphql(
      '{ probeThings(filter: {name: {in: ["thing 1", "thing 2"]}}) { nodes { rowId } aggregates { sum { rowId } } } }',
    );
    expect(answer.body.data.probeThings).toEqual({
      nodes: [{ rowId: 1 }, { rowId: 2 }],
      aggregates: { sum: { rowId: "3" } },
    });
  });
});

describe("FND-29: a document that asks for too much", () => {
  const deep = (levels: number) =>
    `${"{ probeThing(rowId: 1) ".repeat(levels)}{ rowId }${" }".repeat(levels)}`;
  const aliased = (times: number) =>
    `{ ${Array.from({ length: times }, (_, n) => `a${n}: probeSession`).join(" ")} }`;
  const spread = `query { ${Array.from({ length: 40 }, () => "...many").join(" ")} }
    fragment many on Query { ${Array.from({ length: 40 }, () => "probeSession").join(" ")} }`;
  const bomb = `query { ...f0 } ${Array.from({ length: 30 }, (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`).join(" ")}
    fragment f30 on Query { probeSession }`;

  it.each([
    ["too deep", deep(20), "depth"],
    ["a thousand aliases", aliased(1000), "aliases"],
    ["a hundred and one aliases", aliased(101), "aliases"],
    ["the same fragment again and again", spread, "fields"],
    ["fragments that double thirty times", bomb, "fields"],
    ["more tokens than anybody writes", `{ ${"probeSession ".repeat(6_000)} }`, "tokens"],
    [
      "many operations",
      Array.from({ length: 21 }, (_, n) => `query q${n} { probeSession }`).join(" "),
      "operations",
    ],
  ])("(%s) is a clean 400 within 50 ms", async (_name, query, limit) => {
    const { answer, ms } = await quickest(query);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({
      code: "DOCUMENT_TOO_LARGE",
      details: { limit, most: limits[limit as keyof typeof limits] },
    });
    expect(answer.body.data).toBeUndefined();
    expect(ms).toBeLessThan(50);
  });

  const pages = (first: string) =>
    `appointments(first: ${first}) { nodes { organization { appointments(first: ${first}) { ...rows } } } }`;
  const rows = `fragment rows on AppointmentsConnection
    { nodes { organization { appointments(first: 100) { edges { node { rowId } } } } } }`;
  it.each([
    ["written out", `{ ${pages("100")} } ${rows}`, {}],
    ["in a variable", `query ($n: Int) { ${pages("$n")} } ${rows}`, { n: 100 }],
    ["in the default of a variable", `query ($n: Int = 100) { ${pages("$n")} } ${rows}`, {}],
    [
      "in many small trees",
      `{ ${[..."abcdefghi"].map((a) => `${a}: ${pages("50")}`).join(" ")} } ${rows}`,
      {},
    ],
  ])("(pages inside pages, %s) is refused before a row is read", async (_name, query, variables) => {
    const answer = await api.graphql(query, { variables });
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "DOCUMENT_TOO_LARGE", details: { limit: "rows" } });
    expect(answer.body.data).toBeUndefined();
  });

  it("is no page inside a page of a sensible size", async () => {
    const token = api.token();
    const query = "{ organizations(first: 5) { nodes { services(first: 50) { nodes { name } } } } }";
    expect((await api.graphql(query, { token })).body.errors).toBeUndefined();
  });

  it("and a subscription is refused: it needs a socket", async () => {
    const answer = await api.graphql("subscription { probeSession }");
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "subscriptions_need_a_socket" });
  });

  it("is no document that only comes close", async () => {
    const { body } = await api.graphql(aliased(100));
    expect(Object.keys(body.data)).toHaveLength(100);
  });

  it("and a fragment inside itself ends in a validation error, not in a loop", async () => {
    const answer = await api.graphql("{ ...f } fragment f on Query { ...f }");
    expect(answer.status).toBe(400);
    expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
  });
});

describe("FND-29: what the door takes", () => {
  it("is no GET, neither for a query nor for a mutation", async () => {
    for (const query of ["{ probeSession }", 'mutation { probeFailure(input: {kind: "null"}) { result } }']) {
      const answer = await api.fetch(`/graphql?query=${encodeURIComponent(query)}`);
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("POST");
      expect(refusalOf(answer).code).toBe("METHOD_NOT_ALLOWED");
    }
  });

  it.each([
    ["application/graphql", "{ probeSession }"],
    ["application/x-www-form-urlencoded", "query={probeSession}"],
    ["multipart/form-data; boundary=x", "--x--"],
    ["text/plain", '{"query":"{ probeSession }"}'],
  ])("is no %s", async (type, body) => {
    const answer = await post(body, { "content-type": type });
    expect(answer.status).toBe(415);
    expect(refusalOf(answer).code).toBe("UNSUPPORTED_MEDIA_TYPE");
  });

  it.each([
    ["of Latin-1", [0xba]],
    ["cut in the middle of a letter", [0xc8]],
    ["of half a pair", [0xed, 0xa0, 0x80]],
  ])("is no text %s: a name would be kept with a sign in place of the letter", async (_, bytes) => {
    const body = Buffer.concat([
      Buffer.from('{"query":"{ clinicBySlug(slug: \\"Mure'),
      Buffer.from(bytes),
      Buffer.from('\\") { name } }"}'),
    ]);
    for (const path of ["/graphql", "/v1/public/bookings"]) {
      const answer = await api.fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "body_not_utf8" });
      expect(answer.text).not.toContain("Mure");
    }
  });

  it.each(["json", ",,,;q=x", "averylongtokenwithoutaslash", "text/html, json"])(
    "is any Accept header (%s): what is no media type is not wanted",
    async (accept) => {
      const answer = await post(JSON.stringify({ query: "{ __typename }" }), {
        "content-type": "application/json",
        accept,
      });
      expect(answer.status).toBeLessThan(500);
      if (!accept.startsWith("text/html")) expect(answer.body).toEqual({ data: { __typename: "Query" } });
    },
  );

  it("is JSON however its name is spelt", async () => {
    const answer = await post('{"query":"{ __typename }"}', { "content-type": "APPLICATION/JSON" });
    expect(answer.body).toEqual({ data: { __typename: "Query" } });
  });

  it("is no body beyond 100 KB, whether it says its size or not", async () => {
    const large = JSON.stringify({ query: "{ probeSession }", variables: { padding: "x".repeat(100_001) } });
    const told = await post(large);
    expect(told.status).toBe(413);
    expect(refusalOf(told).code).toBe("PAYLOAD_TOO_LARGE");
    const streamed = await api.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new Blob([large]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["a batch", '[{"query":"{ probeSession }"}]'],
    ["no query", "{}"],
    ["a query that is no text", '{"query":{"a":1}}'],
    ["variables that are no object", '{"query":"{ probeSession }","variables":[1]}'],
  ])("is no body with %s", async (_name, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer).code).toBe("VALIDATION");
  });

  it.each(["application/json", "application/graphql-response+json", "*/*"])(
    "answers 400 to an invalid document under Accept: %s",
    async (accept) => {
      const answer = await post('{"query":"{ probeSesion }"}', { accept });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({
        code: "GRAPHQL_VALIDATION",
        message: 'Cannot query field "probeSesion" on type "Query".',
      });
      if (accept === "application/json")
        expect(answer.headers.get("content-type")).toContain("application/json");
    },
  );

  it.each([
    ["a document that does not parse", "{ probeSession", {}],
    [
      "a variable that does not fit",
      "query ($n: Int!) { probeThings(first: $n) { nodes { rowId } } }",
      { n: "many" },
    ],
    ["a variable that is missing", "query ($n: Int!) { probeThings(first: $n) { nodes { rowId } } }", {}],
    ["an operation that is not there", "query a { probeSession } query b { probeSession }", {}],
  ])("answers 400 to %s", async (_name, query, variables) => {
    const answer = await api.graphql(query, { variables });
    expect(answer.status).toBe(400);
    expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
  });
});

describe("FND-29: introspection and the IDE", () => {
  it("are there for developers", async () => {
    const schema = await api.graphql(getIntrospectionQuery());
    expect(schema.body.data.__schema.queryType.name).toBe("Query");
    const ide = await api.fetch("/", { headers: { accept: "text/html" } });
    expect(ide.status).toBe(200);
    expect(ide.text).toContain("ruru");
  });

  it("are off in production", async () => {
    const schema = await production.graphql("{ __schema { queryType { name } } }");
    expect(schema.status).toBe(400);
    expect(refusalOf(schema).code).toBe("TRUSTED_DOCUMENTS_REQUIRED");
    expect((await production.fetch("/", { headers: { accept: "text/html" } })).status).toBe(404);
    expect((await production.fetch("/ruru-static/ruru.js")).status).toBe(404);
  });
});
