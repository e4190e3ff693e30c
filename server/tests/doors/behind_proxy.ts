import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { idOf } from "../../documents/trusted.ts";
import { openDevIssuer } from "../../identity/dev_issuer.ts";
import { until } from "../listener.ts";
import { type Json, PARTY, startTestApi, type TestApi } from "../support.ts";
import { startTlsProxy, type TlsProxy } from "./tls_proxy.ts";

/** What the frontends of production.test.ts were built with. */
export const documents = {
  Me: "query Me { me { email } }",
  Clinic: "query Clinic($slug: String!) { clinicBySlug(slug: $slug) { name } }",
  Arrived: "subscription Arrived { inboxItemArrived { title } }",
  Changed:
    "subscription Changed($clinic: UUID!) { bookingRequestChanged(organizationId: $clinic) { bookingRequest { givenName } } }",
  Confirm:
    "mutation Confirm($id: UUID!) { confirmBookingRequest(input: { bookingRequestId: $id }) { appointment { id contactName } } }",
  Request:
    "mutation Request($input: RequestUploadInput!) { requestUpload(input: $input) { file { id upload { url headers { name value } } } } }",
  Uploaded:
    "mutation Uploaded($id: UUID!) { confirmUpload(input: { fileId: $id }) { file { status download { url } } } }",
};
export const id = (name: keyof typeof documents) => idOf(documents[name]);

export type Reply = { status: number; headers: NodeJS.Dict<string | string[]>; text: string; body: Json };

const dataDir = mkdtempSync(join(tmpdir(), "restartix-production-"));
const issuer = "https://clerk.clinic.example";
let objects: EmbeddedObjects;
export let api: TestApi;
let proxy: TlsProxy;

export async function openProduction(): Promise<void> {
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
    because: "it runs in production, with documents and a provider of its own",
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
}

export async function closeProduction(): Promise<void> {
  proxy?.close();
  await api?.close();
  await objects?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

export const tokenOf = (name: string, sessionId?: string) =>
  api.issuer.mint(
    { subject: `user_${name}`, email: `${name}@people.test`, name, locale: "ro" },
    sessionId ? { sessionId } : {},
  );

/** Over TLS, as everybody outside does. */
export function ask(path: string, { method = "GET", headers = {}, body }: Json = {}): Promise<Reply> {
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

/** An answer that does not end, as it comes over TLS. */
export function stream(path: string): Promise<{ headers: Reply["headers"]; text(): string; stop(): void }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${proxy.url}${path}`, { ca: proxy.ca }, (incoming) => {
      let text = "";
      incoming.on("data", (part) => {
        text += part;
      });
      incoming.on("error", () => {});
      resolve({ headers: incoming.headers, text: () => text, stop: () => incoming.destroy() });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

export function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

export const run = (name: keyof typeof documents, variables: object, as?: string, headers = {}) =>
  post(
    "/graphql",
    { documentId: id(name), variables },
    { ...(as ? { authorization: `Bearer ${tokenOf(as)}` } : {}), ...headers },
  );

/** A socket over TLS that says who it is and subscribes; what it heard, and how it ended. */
export function socket(name: string, payload: object, sessionId?: string) {
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
export async function hears(listener: ReturnType<typeof socket>): Promise<void> {
  await until(async () => {
    await put("Bună");
    return listener.heard.length > 0;
  }, "a message");
}
