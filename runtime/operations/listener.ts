import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "@prometheus-io/client";
import { listen } from "../listen.ts";
import { protectiveHeaders } from "../protective_headers.ts";
import { serverPatience } from "../server_patience.ts";
import { onceASecond } from "./once_a_second.ts";

/** Whether a process can do its work, and what of it cannot: `{ database: "down" }`. */
export type Readiness = { ready: boolean; checks: Record<string, string> };

const protect = protectiveHeaders();

export type OperationsListener = { port: number; close(): Promise<void> };

/**
 * What operators ask of every process (FND-28), on a port of its own that no visitor reaches: /healthz (the
 * process is up), /readyz (it can do its work), /metrics (Prometheus), the latter two made once a second at most.
 * Throws ConfigError that names the variable, OPS_PORT unless `variable` says another, when the port is taken.
 */
export async function startOperationsListener({
  host,
  port,
  variable = "OPS_PORT",
  registry,
  readiness,
}: {
  host: string;
  port: number;
  variable?: string;
  registry: Registry;
  readiness(): Promise<Readiness>;
}): Promise<OperationsListener> {
  const asked = { readiness: onceASecond(readiness), metrics: onceASecond(() => registry.metrics()) };
  const server = createServer(serverPatience, (request, response) => {
    protect(request, response);
    answer(request, response, registry.contentType, asked).catch(() => response.writeHead(500).end());
  });
  await listen(server, { host, port }, { host: "OPS_HOST", port: variable });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  contentType: string,
  { readiness, metrics }: { readiness(): Promise<Readiness>; metrics(): Promise<string> },
): Promise<void> {
  response.setHeader("Cache-Control", "no-store");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  switch (request.url?.split("?")[0]) {
    case "/healthz":
      return json(response, 200, { status: "up" });
    case "/readyz": {
      const { ready, checks } = await readiness();
      return json(response, ready ? 200 : 503, { status: ready ? "ready" : "not ready", checks });
    }
    case "/metrics":
      response.writeHead(200, { "Content-Type": contentType }).end(await metrics());
      return;
    default:
      return json(response, 404, { status: "there are /healthz, /readyz and /metrics" });
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
