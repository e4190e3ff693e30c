import { errorIn, refusalOf, Unreachable } from "./refused.ts";
import { type Patience, usualPatience, withRetries } from "./retry.ts";
import type { ClientSettings } from "./settings.ts";

/** One call of the API over HTTP. */
export type Call = {
  method: "GET" | "POST";
  path: string;
  body?: string;
  /** The type of the answer where it is no JSON: it is handed on as a Blob. */
  accept?: string;
  /** Names this very call; the same on every try. */
  idempotencyKey?: string;
  /** Done twice is as done once. */
  isRepeatable: boolean;
  signal?: AbortSignal;
};

/** Sends a call and answers with the JSON of its answer (bytes where a call accepts them), null where there is none; a refusal is thrown. */
export type Send = (call: Call) => Promise<unknown>;

export function openTransport(settings: ClientSettings): Send {
  const patience: Patience = { ...usualPatience, ...settings.patience };
  const base = settings.url.replace(/\/+$/, "");
  const ask = settings.fetch ?? fetch;

  async function once(
    { method, path, body, accept = "application/json", idempotencyKey, signal }: Call,
    isStale: boolean,
  ): Promise<unknown> {
    const token = (await settings.token?.(isStale)) ?? null;
    const headers: Record<string, string> = { accept };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (token !== null) headers.authorization = `Bearer ${token}`;
    if (settings.organization) headers["x-organization"] = settings.organization;
    if (settings.language) headers["accept-language"] = settings.language;
    if (settings.visitorId) headers["x-visitor-id"] = settings.visitorId;
    if (idempotencyKey) headers["idempotency-key"] = idempotencyKey;

    const { status, type, bytes } = await ask(`${base}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
      .then(
        // What breaks off on the way is no answer either.
        async (response) => ({
          status: response.status,
          type: response.headers.get("content-type")?.split(";")[0],
          bytes: await response.blob(),
        }),
      )
      .catch((cause: unknown) => {
        if (signal?.aborted) throw signal.reason;
        throw new Unreachable("The API could not be reached.", { cause });
      });
    if (status === 204) return null;
    if (status < 300 && type === accept && accept !== "application/json") return bytes;
    const answer = parsed(await bytes.text());
    const error = errorIn(answer);
    if (error) throw error;
    if (status >= 300 || answer === undefined)
      throw new Unreachable(`What answered with status ${status} is not the API.`);
    return answer;
  }

  /** A token that ended on its way is asked for anew, once: nothing was done with the old one. */
  const withFreshToken = (call: Call): Promise<unknown> =>
    once(call, false).catch((error: unknown) => {
      if (!settings.token || !refusalOf(error, "UNAUTHENTICATED", "token_expired")) throw error;
      return once(call, true);
    });

  return (call) =>
    withRetries(() => withFreshToken(call), {
      isRepeatable: call.isRepeatable,
      patience,
      ...(call.signal ? { signal: call.signal } : {}),
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
