import { getIntrospectionQuery } from "grafast/graphql";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { api, post, production } from "./doors.ts";

export function requestsCases(): void {
  describe("FND-29: what the door takes", () => {
    it("is no GET, neither for a query nor for a mutation", async () => {
      for (const query of [
        "{ probeSession }",
        'mutation { probeFailure(input: {kind: "null"}) { result } }',
      ]) {
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
      const large = JSON.stringify({
        query: "{ probeSession }",
        variables: { padding: "x".repeat(100_001) },
      });
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
          details: { problem: 'Cannot query field "probeSesion" on type "Query".' },
        });
        if (accept === "application/json")
          expect(answer.headers.get("content-type")).toContain("application/json");
      },
    );

    it.each([
      ["a document that does not parse", "{ probeSession", {}],
      [
        "a variable that does not fit",
        "query ($n: Int!) { probeThings(first: $n) { nodes { id } } }",
        { n: "many" },
      ],
      ["a variable that is missing", "query ($n: Int!) { probeThings(first: $n) { nodes { id } } }", {}],
      ["an operation that is not there", "query a { probeSession } query b { probeSession }", {}],
    ])("answers 400 to %s", async (_name, query, variables) => {
      const answer = await api.graphql(query, { variables });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
    });
  });
}

export function introspectionCases(): void {
  describe("FND-29: introspection and the IDE", () => {
    it("are there for developers", async () => {
      const schema = await api.graphql(getIntrospectionQuery());
      expect(schema.body.data.__schema.queryType.name).toBe("Query");
      const ide = await api.fetch("/ide", { headers: { accept: "text/html" } });
      expect(ide.status).toBe(200);
      expect(ide.text).toContain("ruru");
    });

    it("are off in production", async () => {
      const schema = await production.graphql("{ __schema { queryType { name } } }");
      expect(schema.status).toBe(400);
      expect(refusalOf(schema).code).toBe("TRUSTED_DOCUMENTS_REQUIRED");
      expect((await production.fetch("/ide", { headers: { accept: "text/html" } })).status).toBe(404);
      expect((await production.fetch("/ruru-static/ruru.js")).status).toBe(404);
    });
  });
}
