import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { idOf } from "../../documents/trusted.ts";
import { pngSample } from "../../files/tests/samples.ts";
import { openDevIssuer } from "../../identity/dev_issuer.ts";
import { identityEvent } from "../identity_events.ts";
import { until, within } from "../listener.ts";
import { type Json, PARTY, refusalOf, startTestApi, type TestApi } from "../support.ts";
import { startTlsProxy, type TlsProxy } from "./tls_proxy.ts";

/** What the frontends of this test were built with. */
const documents = {
  Me: "query Me { me { email } }",
  Clinic: "query Clinic($slug: String!) { clinicBySlug(slug: $slug) { name } }",
  Arrived: "subscription Arrived { inboxItemArrived { title } }",
  Confirm:
    "mutation Confirm($id: UUID!) { confirmBookingRequest(input: { bookingRequestId: $id }) { appointment { id contactName } } }",
  Request:
    "mutation Request($input: RequestUploadInput!) { requestUpload(input: $input) { file { id upload { url headers { name value } } } } }",
  Uploaded:
    "mutation Uploaded($id: UUID!) { confirmUpload(input: { fileId: $id }) { file { status download { url } } } }",
};
const id = (name: keyof typeof documents) => idOf(documents[name]);

type Reply = { status: number; headers: NodeJS.Dict<string | string[]>; text: string; body: Json };

const dataDir = mkdtempSync(join(tmpdir(), "restartix-production-"));
const issuer = "https://clerk.clinic.example";
let objects: EmbeddedObjects;
let api: TestApi;
let proxy: TlsProxy;

beforeAll(async () => {
  const trustedDocuments = join(dataDir, "documents.json");
  const listed = Object.entries(documents).map(([name, document]) => [idOf(document), { name, document }]);
  writeFileSync(trustedDocuments, JSON.stringify(Object.fromEntries(listed)));
  const authorizedParties = [PARTY];
  const keys = openDevIssuer({
    mode: "embedded",
    dataDir,
    identity: { source: "dev_issuer", issuer, authorizedParties },
  });
  objects = await startObjects({ port: 0, dataDir });
  api = await startTestApi({
    config: {
      mode: "production",
      dataDir,
      trustProxy: 1,
      trustedDocuments,
      storage: objects.settings,
      identity: {
        source: "clerk",
        issuer,
        authorizedParties,
        pem: keys.publicKeyPem,
        webhookSecret: keys.webhookSecret,
      },
    },
    before: `
      begin;
      select tests.clinic('atlas');
      select tests.staff('flavia', 'front_desk'), tests.staff('felicia', 'front_desk'), tests.staff('adrian', 'admin');
      select tests.patient('ana');
      select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}');
      select tests.calendar('days', '{stefan}');
      select tests.booking_request('request', 'days', 'stefan', date_trunc('week', now()) + interval '14 days 10 hours');
      insert into app_private.identities (issuer, subject, principal_id)
      select '${issuer}', 'user_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  proxy = await startTlsProxy(api.url);
});
afterAll(async () => {
  proxy?.close();
  await api?.close();
  await objects?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const tokenOf = (name: string, sessionId?: string) =>
  api.issuer.mint(
    { subject: `user_${name}`, email: `${name}@people.test`, name, locale: "ro" },
    sessionId ? { sessionId } : {},
  );

/** Over TLS, as everybody outside does. */
function ask(path: string, { method = "GET", headers = {}, body }: Json = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${proxy.url}${path}`, { method, headers, ca: proxy.ca }, async (incoming) => {
      let text = "";
      for await (const chunk of incoming) text += chunk;
      let parsed: unknown = null;
      try {
        parsed = JSON.parse(text);
      } catch {}
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body: parsed });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

const run = (name: keyof typeof documents, variables: object, as?: string, headers = {}) =>
  post(
    "/graphql",
    { documentId: id(name), variables },
    { ...(as ? { authorization: `Bearer ${tokenOf(as)}` } : {}), ...headers },
  );

/** A socket over TLS that says who it is and subscribes; what it heard, and how it ended. */
function socket(name: string, payload: object, sessionId?: string) {
  const heard: Json[] = [];
  const ws = new WebSocket(`${proxy.url.replace("https", "wss")}/graphql`, "graphql-transport-ws", {
    ca: proxy.ca,
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve, reject) => {
    ws.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    ws.on("error", reject);
  });
  ws.on("open", () =>
    ws.send(
      JSON.stringify({
        type: "connection_init",
        payload: { authorization: `Bearer ${tokenOf(name, sessionId)}` },
      }),
    ),
  );
  ws.on("message", (data) => {
    const message = JSON.parse(String(data));
    if (message.type === "connection_ack") ws.send(JSON.stringify({ type: "subscribe", id: "1", payload }));
    else heard.push(message);
  });
  return { ws, heard, closed };
}

const put = (title: string) =>
  api.sql(
    `select app_private.put_in_inbox(
       (select id from app_public.organizations where slug = 'atlas'),
       (select principal_id from tests.personas where name = 'ana'), gen_random_uuid(), $1, 'Vă așteptăm.', now())`,
    [title],
  );

/** Announces messages until one was heard: the protocol has no word for "now I listen". */
async function hears(listener: ReturnType<typeof socket>): Promise<void> {
  await until(async () => {
    await put("Bună");
    return listener.heard.length > 0;
  }, "a message");
}

describe("FND-27: GraphQL in production, behind a proxy that ends TLS", () => {
  it("answers documents by their id, for visitors and for who is signed in", async () => {
    const clinic = await run("Clinic", { slug: "atlas" });
    expect(clinic.body).toEqual({ data: { clinicBySlug: { name: expect.any(String) } } });
    expect(clinic.headers["strict-transport-security"]).toContain("max-age");
    expect((await run("Me", {}, "ana")).body).toEqual({ data: { me: { email: "ana@people.test" } } });
    expect(refusalOf((await run("Me", {})) as never)).toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("answers no text, no introspection, shows no IDE, and says nothing of operators' paths", async () => {
    expect(refusalOf((await post("/graphql", { query: documents.Me })) as never).code).toBe(
      "TRUSTED_DOCUMENTS_REQUIRED",
    );
    for (const path of ["/", "/metrics", "/ruru-static/x.js"])
      expect((await ask(path)).status, path).toBe(404);
    expect((await ask("/healthz")).body).toEqual({ status: "up" });
    expect((await ask("/readyz")).body).toMatchObject({ status: "ready" });
    expect(await (await fetch(`${api.opsUrl}/metrics`)).text()).toContain("restartix_http_request_seconds");
  });
});

describe("FND-15, FND-27: sockets in production, behind that proxy", () => {
  it.each<[how: string, payload: () => object]>([
    ["documentId", () => ({ documentId: id("Arrived") })],
    ["documentId with its algorithm", () => ({ documentId: `sha256:${id("Arrived")}` })],
    [
      "the extension that Apollo sends",
      () => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id("Arrived") } } }),
    ],
    ["documentId beside an empty text", () => ({ query: "", documentId: id("Arrived") })],
  ])("carry a subscription that is named by %s", async (_how, payload) => {
    const ana = socket("ana", payload());
    await hears(ana);
    expect(ana.heard[0]).toMatchObject({
      id: "1",
      type: "next",
      payload: { data: { inboxItemArrived: { title: "Bună" } } },
    });
    ana.ws.close(1000);
    await ana.closed;
  });

  it.each<[what: string, payload: () => object, code: string]>([
    ["a text", () => ({ query: documents.Arrived }), "TRUSTED_DOCUMENTS_REQUIRED"],
    [
      "a text under its id",
      () => ({ query: documents.Arrived, documentId: id("Arrived") }),
      "TRUSTED_DOCUMENTS_REQUIRED",
    ],
    ["an id that nobody knows", () => ({ documentId: idOf("subscription { x }") }), "DOCUMENT_UNKNOWN"],
    ["an id that is none", () => ({ documentId: "Arrived" }), "VALIDATION"],
    ["a query of the list", () => ({ documentId: id("Me") }), "VALIDATION"],
    ["neither text nor id", () => ({ extensions: {} }), "VALIDATION"],
  ])("refuse %s, and stay open for what is right", async (_what, payload, code) => {
    const ana = socket("ana", payload());
    await until(() => ana.heard.length > 0, "a refusal");
    expect(ana.heard[0]).toMatchObject({ id: "1", type: "error", payload: [{ extensions: { code } }] });
    ana.ws.send(JSON.stringify({ type: "subscribe", id: "2", payload: { documentId: id("Arrived") } }));
    ana.heard.length = 0;
    await hears(ana);
    expect(ana.heard[0]).toMatchObject({ id: "2", type: "next" });
    ana.ws.close(1000);
    await ana.closed;
  });

  it("end when the identity provider says, over its webhook, that the session is over", async () => {
    const ana = socket("ana", { documentId: id("Arrived") }, "sess_over");
    await hears(ana);
    const event = identityEvent(api, "session.revoked", {
      id: "sess_over",
      object: "session",
      user_id: "user_ana",
      status: "revoked",
    });
    const told = await ask("/v1/webhooks/clerk", {
      method: "POST",
      headers: event.headers,
      body: event.body,
    });
    expect(told.status).toBe(200);
    expect(await within(5_000, ana.closed, "closing")).toEqual({ code: 4401, reason: "session_revoked" });
    const again = await post(
      "/graphql",
      { documentId: id("Me") },
      { authorization: `Bearer ${tokenOf("ana", "sess_over")}` },
    );
    expect(again.status).toBe(401);
  });
});

describe("APT-05, FND-26: booking and its repeats in production, behind that proxy", () => {
  it("holds and books over /v1, counted by the address that the proxy saw, whatever the visitor claims", async () => {
    const [{ calendar }] = await api.sql("select tests.id('days') as calendar");
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const query = new URLSearchParams({ calendar, from: day(8), to: day(21) });
    const { body } = await ask(`/v1/public/availability?${query}`);
    const held = await post(
      "/v1/public/holds",
      { calendar, startsAt: body.slots[0].startsAt },
      { "x-forwarded-for": "203.0.113.9" },
    );
    expect(held.status, held.text).toBe(201);
    expect(
      await api.sql("select host(address) as address from app_private.time_claims where kind = 'hold'"),
    ).toEqual([{ address: "198.51.100.7" }]);
    const booked = await post("/v1/public/bookings", {
      holdToken: held.body.token,
      givenName: "Ioana",
      familyName: "Țepeș",
      email: "ioana.tepes@example.org",
      phone: "0722 123 456",
    });
    expect(booked.status, booked.text).toBe(201);
  });

  it("gives the answer to an old key to whoever still may have it, and a refusal to whoever left", async () => {
    const [{ request: wanted }] = await api.sql("select tests.id('request') as request");
    const key = { "idempotency-key": "4f1f0a52-confirm" };
    const first = await run("Confirm", { id: wanted }, "flavia", key);
    expect(first.body.errors, first.text).toBeUndefined();
    expect((await run("Confirm", { id: wanted }, "flavia", key)).body).toEqual(first.body);
    await api.sql(`update app_public.memberships set ended_at = now()
      where human_id = (select principal_id from tests.personas where name = 'flavia')`);
    const gone = await run("Confirm", { id: wanted }, "flavia", key);
    expect(refusalOf(gone as never)).toMatchObject({
      code: "NOT_FOUND",
      reason: "booking_request_not_found",
    });
    expect(gone.text).not.toContain(first.body.data.confirmBookingRequest.appointment.contactName);
    await api.sql(
      "update app_public.principals set disabled_at = now() where id = (select principal_id from tests.personas where name = 'flavia')",
    );
    expect((await run("Confirm", { id: wanted }, "flavia", key)).status).toBe(401);
  });
});

describe("FND-13: files in production, behind that proxy", () => {
  it("go up and come down over signed URLs, by documents", async () => {
    const [{ owner }] = await api.sql("select tests.id('atlas') as owner");
    const bytes = pngSample();
    const announced = await run(
      "Request",
      {
        input: {
          surface: "ORGANIZATION_LOGO",
          ownerId: owner,
          filename: "sigla.png",
          contentType: "image/png",
          sizeBytes: String(bytes.length),
          sha256: createHash("sha256").update(bytes).digest("hex"),
        },
      },
      "adrian",
    );
    expect(announced.body.errors, announced.text).toBeUndefined();
    const { id, upload } = announced.body.data.requestUpload.file;
    const headers = Object.fromEntries(upload.headers.map(({ name, value }: Json) => [name, value]));
    expect((await fetch(upload.url, { method: "PUT", headers, body: new Uint8Array(bytes) })).status).toBe(
      200,
    );
    const confirmed = await run("Uploaded", { id: id }, "adrian");
    expect(confirmed.body.errors, confirmed.text).toBeUndefined();
    const { url } = confirmed.body.data.confirmUpload.file.download;
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true);
  });
});
