import { WebSocket } from "ws";
import { socketUrl } from "../listener.ts";
import type { TestApi } from "../support.ts";

export const opened: WebSocket[] = [];
/** After each test: nobody who came stays. */
export function sendHome(): void {
  for (const socket of opened.splice(0)) socket.terminate();
}

/** Every test comes from a network of its own. */
let network = 0;
export function address(): string {
  network += 1;
  return `198.51.${network}.7`;
}

export type Ended = { code: number; reason: string };
type Caller = { socket: WebSocket; open: Promise<void>; ended: Promise<Ended> };

/** A socket from an address; rejects `open` with the status of a refused handshake. */
export function come(api: TestApi, from: string): Caller {
  const socket = new WebSocket(socketUrl(api), "graphql-transport-ws", {
    headers: { "x-forwarded-for": from },
  });
  opened.push(socket);
  const open = new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("unexpected-response", (_request, { statusCode, headers }) => {
      reject(new Error(`${statusCode} ${headers["retry-after"] ?? ""}`.trim()));
    });
    socket.on("error", reject);
  });
  open.catch(() => {});
  const ended = new Promise<Ended>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  return { socket, open, ended };
}

/** Says who it is; resolves when it was let in, or with how it was turned away. */
export async function enter(api: TestApi, from: string, payload: object): Promise<"in" | Ended> {
  const { socket, open, ended } = come(api, from);
  await open;
  const isIn = new Promise<"in">((resolve) => socket.once("message", () => resolve("in")));
  socket.send(JSON.stringify({ type: "connection_init", payload }));
  return Promise.race([isIn, ended]);
}
