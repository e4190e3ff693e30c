import { type HttpApi, httpCalls } from "./generated/http.ts";
import { asJson, type CallOptions } from "./operation.ts";
import type { Send } from "./transport.ts";

/** The HTTP paths as functions (server/http/openapi.ts): what they take and answer is generated, how they ask is here. */
export function httpApi(send: Send): HttpApi {
  const calls = Object.entries(httpCalls).map(([name, { method, path, takesKey }]) => [
    name,
    (given: Record<string, unknown>, { idempotencyKey, signal }: CallOptions = {}) =>
      send({
        method,
        path: method === "GET" ? `${path}?${asQuery(given)}` : path,
        ...(method === "GET" ? {} : { body: asJson(given) }),
        ...(takesKey ? { idempotencyKey: idempotencyKey ?? crypto.randomUUID() } : {}),
        isRepeatable: method === "GET" || takesKey,
        ...(signal ? { signal } : {}),
      }),
  ]);
  return Object.fromEntries(calls) as HttpApi;
}

function asQuery(given: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) query.set(name, value instanceof Date ? value.toISOString() : String(value));
  return query.toString();
}
