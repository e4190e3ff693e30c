import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { startMailbox } from "../../mailbox/index.ts";
import type { DailyAccount } from "../daily.ts";

/** How the gate before Daily fails. "after" means that Daily did what it was asked, and the answer is lost. */
export type Weather =
  | "well"
  | "hangs up"
  | "hangs up after"
  | "is silent after"
  | "is broken"
  | "is broken after"
  | "answers something else"
  | { status: number; retryAfter?: number; lateMs?: number };

export type DailyVendor = {
  account: Required<DailyAccount>;
  /** What it was asked, in order: "POST /rooms". */
  asked(): string[];
  /** What it has, whatever its answers said. */
  rooms(): Promise<{ name: string; privacy: string; config: Record<string, unknown>; isRecorded: boolean }[]>;
  behave(weather: Weather): void;
  /** How often the next ones fail before all is well again. */
  behaveFor(times: number, weather: Weather): void;
  stop(): Promise<void>;
};

const videoKey = "daily-key-0123456789abcdef0123456789abcdef";

/** The mailbox, which speaks Daily, and before it a gate that fails as told. */
export async function startDaily(): Promise<DailyVendor> {
  const folder = mkdtempSync(path.join(tmpdir(), "daily-"));
  const mailbox = await startMailbox({ pagePort: 0, folder, videoKey });
  const asked: string[] = [];
  let weather: Weather = "well";
  let left = Number.POSITIVE_INFINITY;

  const gate = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    asked.push(`${incoming.method} ${incoming.url?.replace(/^\/v1/, "")}`);
    const now: Weather = left > 0 ? weather : "well";
    left -= 1;
    if (now === "hangs up") return void incoming.socket.destroy();
    if (now === "is broken") return refuse(response, 503);
    if (now === "answers something else") return void response.end("<html>A gateway.</html>");
    if (typeof now === "object") {
      const after: Record<string, string> =
        now.retryAfter === undefined ? {} : { "retry-after": String(now.retryAfter) };
      return void setTimeout(() => refuse(response, now.status, after), now.lateMs ?? 0);
    }
    const { port } = new URL(`http://localhost:${mailbox.pagePort}`);
    const headers = { ...incoming.headers, host: `localhost:${port}` };
    const forwarded = request(
      { port, host: "127.0.0.1", method: incoming.method, path: incoming.url, headers },
      async (answer) => {
        const text = await buffer(answer);
        if (now === "hangs up after") return void incoming.socket.destroy();
        if (now === "is silent after") return;
        if (now === "is broken after") return refuse(response, 500);
        response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
      },
    );
    forwarded.end(body);
  });
  gate.listen(0, "127.0.0.1");
  await once(gate, "listening");

  return {
    account: { apiKey: videoKey, apiUrl: `http://127.0.0.1:${(gate.address() as AddressInfo).port}` },
    asked: () => asked,
    async rooms() {
      const response = await fetch(`http://localhost:${mailbox.pagePort}/v1/rooms`, {
        headers: { authorization: `Bearer ${videoKey}` },
      });
      const { data } = (await response.json()) as { data: Awaited<ReturnType<DailyVendor["rooms"]>> };
      const page = async (name: string) =>
        (await fetch(`http://localhost:${mailbox.pagePort}/video/${name}`)).text();
      return Promise.all(
        data.map(async (room) => ({
          ...room,
          isRecorded: (await page(room.name)).includes("The call is recorded."),
        })),
      );
    },
    behave(next) {
      weather = next;
      left = Number.POSITIVE_INFINITY;
    },
    behaveFor(times, next) {
      weather = next;
      left = times;
    },
    async stop() {
      gate.closeAllConnections();
      await Promise.all([new Promise((resolve) => gate.close(resolve)), mailbox.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Daily's sentences quote the room: none of that may come through. */
function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  const error =
    status === 429 ? "rate-limit-error" : status === 401 ? "authentication-error" : "server-error";
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify({ error, info: "about the room of Ana" }));
}
