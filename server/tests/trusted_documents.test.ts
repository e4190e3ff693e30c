// Starts processes: npm run documents is run as a frontend runs it.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../runtime/config_error.ts";
import { idOf, readTrustedDocuments } from "../documents/trusted.ts";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "restartix-documents-"));
const inFolder = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** As `npm run documents` runs it. */
function build(...args: string[]): Promise<{ code: number; output: string }> {
  const script = join(import.meta.dirname, "..", "documents", "build.ts");
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("FND-27: npm run documents", () => {
  const list = (): Record<string, { name: string; document: string }> =>
    JSON.parse(readFileSync(join(folder, "documents.json"), "utf8"));

  it("writes one document per operation, with its fragments from wherever they stand", async () => {
    inFolder("clinic.graphql", "query FindClinic($slug: String!) { clinicBySlug(slug: $slug) { ...face } }");
    inFolder(
      "parts.graphql",
      "fragment face on PublicClinic { name ...place } fragment place on PublicClinic { city }",
    );
    inFolder("typename.graphql", "query Ping { __typename }");
    expect(await build("*.graphql")).toEqual({ code: 0, output: "documents.json: 2 documents\n" });
    const entries = Object.entries(list());
    expect(entries.map(([, { name }]) => name)).toEqual(["FindClinic", "Ping"]);
    for (const [id, { document }] of entries) expect(idOf(document)).toBe(id);
    expect(entries[0]?.[1].document).toMatch(/fragment face[\s\S]*fragment place/);
    expect(entries[1]?.[1].document).not.toContain("fragment");
  });

  it.each([
    [
      "a field that does not exist",
      'query Bad { clinicBySlug(slug: "x") { colour } }',
      'Bad: Cannot query field "colour"',
    ],
    ["no GraphQL", "query Bad {\n  clinicBySlug(\n}", "bad.graphql:3 Syntax Error"],
    ["no name", "{ __typename }", "bad.graphql:1 an operation without a name"],
    ["a name that is taken", "query Ping { me { id } }", "a second operation named Ping"],
    [
      "a fragment that is missing",
      'query Bad { clinicBySlug(slug: "x") { ...nothing } }',
      'Unknown fragment "nothing"',
    ],
    [
      "introspection",
      "query Bad { __schema { queryType { name } } }",
      "GraphQL introspection has been disabled",
    ],
    [
      "more than anybody may ask",
      "query Bad { appointments(first: 100) { nodes { organization { appointments(first: 100) { nodes { organization { appointments(first: 100) { nodes { id } } } } } } } } }",
      "Ask for at most 20,000 rows at once",
    ],
  ])("says by file and line what is wrong with %s, and writes nothing", async (_name, text, said) => {
    const bad = inFolder("bad.graphql", text);
    const { code, output } = await build("*.graphql", "--out", "refused.json");
    rmSync(bad);
    expect(code).toBe(1);
    expect(output).toContain(said);
    expect(output).toContain("Nothing was written.");
    expect(existsSync(join(folder, "refused.json"))).toBe(false);
  });

  it("says so when no file is meant", async () => {
    expect(await build("*.gql")).toMatchObject({
      code: 1,
      output: expect.stringContaining("No file is named *.gql"),
    });
  });
});

describe("FND-27: the list that the server reads", () => {
  const document = "query Ping {\n  __typename\n}\n";
  it.each([
    ["is not there", () => join(folder, "missing.json"), "ENOENT"],
    ["is no list", () => inFolder("no.json", "[]"), "something else"],
    ["is no JSON", () => inFolder("no.json", "{"), "something else"],
    [
      "was changed",
      () =>
        inFolder(
          "no.json",
          JSON.stringify({ [idOf(document)]: { name: "Ping", document: "{ me { id } }" } }),
        ),
      "Ping was changed after it was written",
    ],
    [
      "holds what asks for too much",
      () => {
        const huge = `{ ${Array.from({ length: 101 }, (_, n) => `a${n}: __typename`).join(" ")} }`;
        return inFolder("no.json", JSON.stringify({ [idOf(huge)]: { name: "Huge", document: huge } }));
      },
      "Huge asks for too much",
    ],
  ])("keeps the server from starting when it %s", (_name, path, said) => {
    expect(() => readTrustedDocuments(path())).toThrow(ConfigError);
    expect(() => readTrustedDocuments(path())).toThrow(said);
  });
});

describe("FND-27: a server in production", () => {
  const documents = {
    Ping: "query Ping {\n  __typename\n}\n",
    Zones: "query Zones($n: Int) {\n  knownTimeZones(first: $n) {\n    nodes {\n      name\n    }\n  }\n}\n",
    Introspection: "query Introspection {\n  __schema {\n    queryType {\n      name\n    }\n  }\n}\n",
    Stale: "query Stale {\n  fieldOfAnotherRelease\n}\n",
    Nested:
      "query Nested($n: Int) {\n  appointments(first: $n) {\n    nodes {\n      organization {\n        appointments(first: $n) {\n          nodes {\n            organization {\n              appointments(first: $n) {\n                nodes {\n                  id\n                }\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n}\n",
  };
  let production: TestApi;
  let embedded: TestApi;
  beforeAll(async () => {
    const entries = Object.entries(documents).map(([name, document]) => [idOf(document), { name, document }]);
    const trustedDocuments = inFolder("trusted.json", JSON.stringify(Object.fromEntries(entries)));
    const identity = {
      source: "clerk" as const,
      issuer: "https://clerk.example",
      authorizedParties: ["https://app.example"],
      pem: "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    };
    production = await startTestApi({
      because: "it runs in production, with a list of documents",
      config: { mode: "production", identity, trustedDocuments },
    });
    embedded = await startTestApi({
      because: "it runs as on a developer's machine, with the same list",
      config: { trustedDocuments },
    });
  });
  afterAll(() => Promise.all([production.close(), embedded.close()]));

  it("serves neither the IDE nor what its page asks for", async () => {
    for (const place of [
      "/",
      "/ide",
      "/preview",
      "/ide/story.json",
      "/ide/greeting.js",
      "/ide/token/front-desk",
      "/ruru-static/ruru.js",
    ]) {
      expect([place, refusalOf(await production.fetch(place)).code]).toEqual([place, "ROUTE_NOT_FOUND"]);
    }
    expect((await embedded.fetch("/ide/story.json")).headers.get("access-control-allow-origin")).toBeNull();
    expect((await embedded.fetch("/ide")).text).toContain("<title>RestartiX");
  });

  const ask = (api: TestApi, body: object) =>
    api.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const idOfPing = idOf(documents.Ping);

  it.each([
    ["documentId", { documentId: idOfPing }],
    ["documentId with its algorithm", { documentId: `sha256:${idOfPing}` }],
    [
      "the extension that Apollo sends",
      { extensions: { persistedQuery: { version: 1, sha256Hash: idOfPing } } },
    ],
  ])("answers what a frontend was built with, named by %s", async (_name, body) => {
    for (const api of [production, embedded]) {
      const answer = await ask(api, body);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ data: { __typename: "Query" } });
    }
  });

  it("takes variables and operation names as ever", async () => {
    const answer = await ask(production, {
      documentId: idOf(documents.Zones),
      variables: { n: 2 },
      operationName: "Zones",
    });
    expect(answer.body.data.knownTimeZones.nodes).toHaveLength(2);
  });

  it.each([
    ["a text", { query: "{ __typename }" }],
    ["the very text that is on the list", { query: documents.Ping }],
    [
      "a text to be registered under its id",
      { query: documents.Ping, extensions: { persistedQuery: { version: 1, sha256Hash: idOfPing } } },
    ],
    ["the text of an introspection", { query: documents.Introspection }],
  ])("refuses %s, because only ids are answered", async (_name, body) => {
    const answer = await ask(production, body);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({
      code: "TRUSTED_DOCUMENTS_REQUIRED",
      reason: "document_not_trusted",
    });
    expect(answer.body.data).toBeUndefined();
    if (!body.query.includes("__schema")) expect((await ask(embedded, body)).status).toBe(200);
  });

  it.each([
    ["unknown", idOf("{ me { id } }"), 404, "DOCUMENT_UNKNOWN"],
    ["no digest", "Ping", 400, "VALIDATION"],
    ["a name that every object knows", "__proto__", 400, "VALIDATION"],
    ["empty", "", 400, "VALIDATION"],
  ])("refuses an id that is %s", async (_name, documentId, status, code) => {
    for (const api of [production, embedded]) {
      const answer = await ask(api, { documentId });
      expect(answer.status).toBe(status);
      expect(refusalOf(answer).code).toBe(code);
    }
  });

  it("refuses a text that is not the one its id names", async () => {
    const answer = await ask(embedded, { query: "{ me { id } }", documentId: idOfPing });
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", details: { field: "documentId" } });
  });

  it("still counts what variables decide", async () => {
    expect((await ask(production, { documentId: idOf(documents.Nested), variables: { n: 2 } })).status).toBe(
      200,
    );
    const answer = await ask(production, { documentId: idOf(documents.Nested), variables: { n: 100 } });
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "DOCUMENT_TOO_LARGE", details: { limit: "rows" } });
  });

  it("answers no introspection, even if the list has one, and names the documents that do not fit", async () => {
    const answer = await ask(production, { documentId: idOf(documents.Introspection) });
    expect(answer.status).toBe(400);
    expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
    expect(refusalOf(await ask(production, { documentId: idOf(documents.Stale) })).code).toBe(
      "GRAPHQL_VALIDATION",
    );
    expect(production.logs()).toMatch(
      /"documents":\["Stale"\].*trusted documents that do not fit this schema/,
    );
  });
});
