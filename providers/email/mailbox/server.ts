import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listPage, mailPage, style } from "./page.ts";
import { filesOf, type MailStore } from "./store.ts";

type Answer = { status?: number; type: string; body: string | Buffer; headers?: Record<string, string> };

const strict =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A mail is somebody else's markup: no scripts, no requests, an origin of its own. */
const caged = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** The page and the JSON of the embedded mailbox. Read-only, for the developer at this machine. */
export function mailboxServer(store: MailStore): Server {
  return createServer((request, response) => {
    answer(store, request)
      .catch(
        (): Answer => ({ status: 500, type: "text/plain", body: "The mailbox could not read this mail.\n" }),
      )
      .then((found) => send(response, found, request.method === "HEAD"));
  });
}

async function answer(store: MailStore, request: IncomingMessage): Promise<Answer> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return {
      status: 405,
      type: "text/plain",
      body: "This mailbox is read-only.\n",
      headers: { allow: "GET, HEAD" },
    };
  }
  // A page elsewhere could have its own name resolve to this machine and read the mails.
  if (!/^(localhost|127\.0\.0\.1|\[::1\]|[\w-]+\.localhost)(:\d+)?$/i.test(request.headers.host ?? "")) {
    return { status: 421, type: "text/plain", body: "Open the mailbox as localhost.\n" };
  }

  const url = new URL(request.url ?? "/", "http://localhost");
  const [first, second, third, fourth] = url.pathname.split("/").filter(Boolean);

  if (!first) return { type: "text/html", body: listPage(await store.list()) };
  if (first === "style.css" && !second) return { type: "text/css", body: style };
  if (first === "api" && second === "messages")
    return third ? oneAsJson(store, third) : listAsJson(store, url);
  if (first !== "messages" || !second) return notFound;

  const mail = await store.read(second);
  if (!mail) return notFound;
  if (!third) return { type: "text/html", body: mailPage(mail.summary, Boolean(mail.parsed.html)) };
  if (third === "body" && mail.parsed.html) {
    return {
      type: "text/html",
      body: mail.parsed.html,
      headers: { "content-security-policy": caged, "x-frame-options": "SAMEORIGIN" },
    };
  }
  if (third === "source") return download(mail.raw, "message/rfc822", `${second}.eml`);
  const file = third === "attachments" ? filesOf(mail.parsed)[Number(fourth)] : undefined;
  if (file) return download(file.content, file.contentType, file.filename as string);
  return notFound;
}

/** Newest first; `to` keeps the mails to one address. */
async function listAsJson(store: MailStore, url: URL): Promise<Answer> {
  const to = url.searchParams.get("to")?.toLowerCase();
  const mails = (await store.list()).filter(
    (mail) => !to || mail.to.some((address) => address.toLowerCase() === to),
  );
  return json({ messages: mails });
}

async function oneAsJson(store: MailStore, id: string): Promise<Answer> {
  const mail = await store.read(id);
  if (!mail) return notFound;
  const contents = filesOf(mail.parsed).map(({ content }) => content.toString("base64"));
  return json({
    ...mail.summary,
    html: mail.parsed.html || null,
    headers: mail.parsed.headerLines.map(({ line }) => line),
    attachments: mail.summary.attachments.map((file) => ({ ...file, content: contents[file.index] })),
  });
}

function json(value: unknown): Answer {
  return { type: "application/json", body: JSON.stringify(value) };
}

const harmless: Record<string, string> = {
  "text/calendar": "text/calendar",
  "application/ics": "text/calendar",
  "message/rfc822": "message/rfc822",
};

function download(body: Buffer, type: string, name: string): Answer {
  const plain = name.replace(/[^\w.-]/g, "_");
  return {
    // Never the type a mail claims, as that could be a page of this origin; calendars keep theirs.
    type: harmless[type] ?? "application/octet-stream",
    body,
    headers: {
      "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
  };
}

const notFound: Answer = { status: 404, type: "text/plain", body: "There is nothing here.\n" };

function send(
  response: ServerResponse,
  { status = 200, type, body, headers = {} }: Answer,
  headOnly: boolean,
): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-length": bytes.length,
    "content-security-policy": strict,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    ...headers,
  });
  response.end(headOnly ? undefined : bytes);
}
