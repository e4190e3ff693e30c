import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { protectiveHeaders } from "../../runtime/protective_headers.ts";
import { serverPatience } from "../../runtime/server_patience.ts";
import { asciiLower } from "../ascii_lower.ts";
import { type Answer, type Ask, json, notFound } from "./answer.ts";
import type { Arrivals } from "./arrivals.ts";
import { dailyApi } from "./daily_api.ts";
import { listPage } from "./list.ts";
import { filesOf, type Mails } from "./mails.ts";
import { mailPage, pushPage, roomPage, textPage } from "./pages.ts";
import type { Pushes } from "./pushes.ts";
import type { Rooms } from "./rooms.ts";
import type { Account, Texts } from "./texts.ts";
import { twilioApi } from "./twilio_api.ts";

export type MailboxParts = {
  mails: Mails;
  texts: Texts;
  pushes: Pushes;
  rooms: Rooms;
  account: Account;
  arrivals: Arrivals;
};

const pageFile = (name: string) => readFileSync(new URL(`./page/${name}`, import.meta.url));
/** What every page loads. */
const files: Record<string, Answer> = {
  "style.css": { type: "text/css", body: pageFile("style.css") },
  "mailbox.js": { type: "text/javascript", body: pageFile("mailbox.js") },
};

/** A page of this server and the frame a mail is shown in. */
const protect = protectiveHeaders({
  content: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    frameSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
});
/** A mail is somebody else's markup: no scripts, no requests, an origin of its own. */
const caged = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";
/** The largest body that is read, in bytes: a push message is 4 kB, a text with its template less than this. */
const largestBody = 64 * 1024;

/** The pages and the JSON of the mailbox, and the paths of the vendors that it stands in for. */
export function mailboxServer(mailbox: MailboxParts): Server {
  return createServer(serverPatience, (request, response) => {
    protect(request, response);
    read(request)
      .then((ask) => answer(mailbox, ask))
      .catch((): Answer => ({ status: 500, type: "text/plain", body: "The mailbox could not do this.\n" }))
      .then((found) => {
        if (found.follows && request.method !== "HEAD") mailbox.arrivals.follow(response);
        else send(response, found, request.method === "HEAD");
      });
  });
}

async function read(request: IncomingMessage): Promise<Ask> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= largestBody) chunks.push(chunk as Buffer);
  }
  if (size > largestBody) throw new Error("the body is too large");
  const url = new URL(request.url ?? "/", "http://localhost");
  return {
    method: request.method === "HEAD" ? "GET" : (request.method ?? "GET"),
    path: url.pathname.split("/").filter(Boolean),
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

async function answer(mailbox: MailboxParts, ask: Ask): Promise<Answer> {
  // A page elsewhere could have its own name resolve to this machine and read what is here.
  if (!/^(localhost|127\.0\.0\.1|\[::1\]|[\w-]+\.localhost)(:\d+)?$/i.test(ask.headers.host ?? "")) {
    return { status: 421, type: "text/plain", body: "Open the mailbox as localhost.\n" };
  }
  const [first, second] = ask.path;
  if (first === "2010-04-01") return twilioApi(mailbox.texts, mailbox.account, ask);
  if (first === "v1") return dailyApi(mailbox.rooms, ask);
  if (ask.method === "POST" && first === "push") return mailbox.pushes.receive(ask, origin(ask));
  if (ask.method === "POST" && first === "api") return act(mailbox, ask);
  if (ask.method !== "GET") return readOnly;

  if (!first) return { type: "text/html", body: listPage(await everything(mailbox), wanted(ask)) };
  if (Object.hasOwn(files, first) && !second) return files[first] as Answer;
  if (first === "api" && second === "arrivals") return mailbox.arrivals.full ? tooManyPages : follows;
  if (first === "api") return asJson(mailbox, ask);
  if (first === "messages" && second) return mail(mailbox.mails, ask.path);
  if (first === "texts" && second) {
    const text = await mailbox.texts.read(second);
    return text ? { type: "text/html", body: textPage(text, origin(ask)) } : notFound;
  }
  if (first === "video" && second) {
    const room = await mailbox.rooms.find(second);
    const admission = mailbox.rooms.admission(ask.query.get("t") ?? "");
    return room ? { type: "text/html", body: roomPage(room, admission) } : notFound;
  }
  if (first === "pushes" && second) {
    const push = await mailbox.pushes.read(second);
    return push ? { type: "text/html", body: pushPage(push) } : notFound;
  }
  return notFound;
}

const readOnly: Answer = {
  status: 405,
  type: "text/plain",
  body: "What was captured is read-only.\n",
  headers: { allow: "GET, HEAD" },
};

/** A page of the list waits for what arrives. */
const follows: Answer = { type: "text/event-stream", body: "", follows: true };
const tooManyPages: Answer = {
  status: 503,
  type: "text/plain",
  body: "Too many pages of the mailbox are open.\n",
};

function wanted({ query }: Ask) {
  return { words: query.get("q") ?? "", kind: query.get("kind") ?? "" };
}

async function everything({ mails, texts, pushes }: MailboxParts) {
  const [mailList, textList, pushList] = await Promise.all([mails.list(), texts.list(), pushes.list()]);
  return { mails: mailList, texts: textList, pushes: pushList };
}

/** What a developer does in the place of people: subscribe a browser, answer a text. */
async function act({ texts, pushes }: MailboxParts, ask: Ask): Promise<Answer> {
  const [, kind, id = "", what] = ask.path;
  const subscribes = kind === "push" && id === "subscriptions" && what === undefined;
  if (!subscribes && !(kind === "texts" && what === "replies")) return readOnly;
  // A page elsewhere cannot send this type without being asked for leave, which it does not get.
  if (!/^application\/json\b/.test(ask.headers["content-type"] ?? "")) {
    return { status: 415, type: "text/plain", body: "Send application/json.\n" };
  }
  if (subscribes) return json(await pushes.subscribe(origin(ask)), 201);

  const text = await texts.read(id);
  if (!text || text.direction === "inbound") return notFound;
  let body: unknown;
  try {
    body = JSON.parse(ask.body.toString("utf8")).body;
  } catch {
    body = undefined;
  }
  if (typeof body !== "string" || body.length > 1_600) {
    return { status: 400, type: "text/plain", body: 'Send {"body": "STOP"}.\n' };
  }
  return json(await texts.reply(text, body), 201);
}

function origin({ headers }: Ask): string {
  return `http://${headers.host}`;
}

/** Newest first; `to` keeps what went to one address or number. */
async function asJson(mailbox: MailboxParts, { path, query }: Ask): Promise<Answer> {
  const [, kind, id] = path;
  const to = asciiLower(query.get("to") ?? "");
  if (kind === "messages" && id) return mailAsJson(mailbox.mails, id);
  if (kind === "messages") {
    const isTo = (address: string) => asciiLower(address) === to;
    return json({ messages: (await mailbox.mails.list()).filter((mail) => !to || mail.to.some(isTo)) });
  }
  if (kind === "texts" && !id) {
    return json({ texts: (await mailbox.texts.list()).filter((text) => !to || text.to === to) });
  }
  return kind === "pushes" && !id ? json({ pushes: await mailbox.pushes.list() }) : notFound;
}

async function mail(mails: Mails, [, id = "", part, index]: string[]): Promise<Answer> {
  const mail = await mails.read(id);
  if (!mail) return notFound;
  if (!part) return { type: "text/html", body: mailPage(mail.summary, Boolean(mail.parsed.html)) };
  if (part === "body" && mail.parsed.html) {
    return {
      type: "text/html",
      body: mail.parsed.html,
      headers: { "content-security-policy": caged, "x-frame-options": "SAMEORIGIN" },
    };
  }
  if (part === "source") return download(mail.raw, "message/rfc822", `${id}.eml`);
  const file = part === "attachments" ? filesOf(mail.parsed)[Number(index)] : undefined;
  return file ? download(file.content, file.contentType, file.filename as string) : notFound;
}

async function mailAsJson(mails: Mails, id: string): Promise<Answer> {
  const mail = await mails.read(id);
  if (!mail) return notFound;
  const contents = filesOf(mail.parsed).map(({ content }) => content.toString("base64"));
  return json({
    ...mail.summary,
    html: mail.parsed.html || null,
    headers: mail.parsed.headerLines.map(({ line }) => line),
    attachments: mail.summary.attachments.map((file) => ({ ...file, content: contents[file.index] })),
  });
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

function send(
  response: ServerResponse,
  { status = 200, type, body, headers = {} }: Answer,
  headOnly: boolean,
): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-length": bytes.length,
    "cache-control": "no-store",
    ...headers,
  });
  response.end(headOnly ? undefined : bytes);
}
