import { createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type BrowserKeys, newBrowserKeys, openPush } from "../../mailbox/browser.ts";
import type { PushSubscription } from "../port.ts";

export type PushWeather =
  | "well"
  | "hangs up"
  | "is silent"
  | "talks without end"
  | "redirects"
  | number
  | Taking;

/** It takes the notice, and answers so. */
type Taking = { location?: string; body?: string };

export type PushService = {
  /** A browser that subscribed here. */
  subscribe(): PushSubscription & { keys: BrowserKeys };
  /** What browsers got, opened with their own keys. */
  shown(): unknown[];
  headers(): IncomingHttpHeaders[];
  requests(): number;
  behave(weather: PushWeather): void;
  stop(): Promise<void>;
};

/**
 * A push service that takes only what a real one takes: it checks the VAPID token (RFC 8292) for its own
 * origin and the key that was subscribed for, and the browser behind it opens the message.
 */
export async function startPushService(applicationServerKey: string): Promise<PushService> {
  const browsers = new Map<string, BrowserKeys>();
  const shown: unknown[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let requests = 0;
  let weather: PushWeather = "well";

  const server = createServer(async (request, response) => {
    requests += 1;
    const body = await buffer(request);
    if (weather === "hangs up") return void request.socket.destroy();
    if (weather === "is silent") return;
    if (weather === "redirects") return void response.writeHead(307, { location: "/elsewhere" }).end();
    if (weather === "talks without end") {
      response.writeHead(201);
      const talking = setInterval(() => response.write("x".repeat(8_192)), 5);
      return void response.once("close", () => clearInterval(talking));
    }
    if (typeof weather === "object") {
      const { location, body: said } = weather;
      return void response.writeHead(201, { ...(location && { location }) }).end(said);
    }
    if (weather !== "well") return void response.writeHead(weather).end(`no such endpoint ${request.url}`);

    const keys = browsers.get(request.url ?? "");
    if (!keys) return void response.writeHead(410).end();
    if (!vapidHolds(request.headers.authorization ?? "", origin(), applicationServerKey)) {
      return void response.writeHead(403).end();
    }
    if (request.headers["content-encoding"] !== "aes128gcm") return void response.writeHead(400).end();
    if (body.length > 4_096) return void response.writeHead(413).end();
    headers.push(request.headers);
    shown.push(JSON.parse(openPush(body, keys).toString()));
    response.writeHead(201, { location: `${origin()}/m/message-${shown.length}` }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    subscribe() {
      const keys = newBrowserKeys();
      const path = `/send/${keys.auth}`;
      browsers.set(path, keys);
      return { endpoint: origin() + path, p256dh: keys.p256dh, auth: keys.auth, keys };
    },
    shown: () => shown,
    headers: () => headers,
    requests: () => requests,
    behave(next) {
      weather = next;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** `vapid t=<token>, k=<key>`: signed by the key that the browser subscribed for, for this origin, for a while. */
function vapidHolds(authorization: string, audience: string, applicationServerKey: string): boolean {
  const [, token = "", key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
  if (key !== applicationServerKey) return false;
  const point = Buffer.from(key, "base64url");
  const publicKey = createPublicKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
  });
  const [head = "", claims = "", signature = ""] = token.split(".");
  const signed = Buffer.from(`${head}.${claims}`);
  const mark = Buffer.from(signature, "base64url");
  if (!verify("sha256", signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, mark)) return false;
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, "base64url").toString());
  const now = Date.now() / 1000;
  return aud === audience && exp > now && exp <= now + 24 * 60 * 60 && /^(mailto|https):/.test(sub);
}
