import { ANSWER_MS } from "./limits.ts";

/**
 * What the server of telemetry said. later: it was not taken, and may be sent again, after so many milliseconds if it said so.
 * token: the token does not hold any more. refused: it never will be taken.
 */
export type Answer =
  | { kind: "taken"; status: number }
  | { kind: "later"; afterMs: number | null; isNetwork: boolean }
  | { kind: "token" }
  | { kind: "refused"; status: number; reason: string };

export type Post = (
  path: string,
  body: Uint8Array<ArrayBuffer> | string,
  headers: Record<string, string>,
) => Promise<Answer>;

type Said = { errors?: { extensions?: { reason?: string } }[] };

/** Sends to the server of telemetry with the token of a session, and reads what came back. */
export function createPost(reach: () => { url: string; token: string }): Post {
  return async (path, body, headers) => {
    const { url, token } = reach();
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, ...headers },
      body,
      // A page that goes away lets what is under way arrive; browsers bound that at 64 KB.
      keepalive: body.length < 32_000,
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => null);
    if (!response) return { kind: "later", afterMs: null, isNetwork: true };
    const { status } = response;
    const said = (await response.json().catch(() => null)) as Said | null;
    if (response.ok) return { kind: "taken", status };
    if (status === 401) return { kind: "token" };
    if (status === 408 || status === 429 || status >= 500) {
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      return { kind: "later", afterMs: seconds > 0 ? seconds * 1000 : null, isNetwork: false };
    }
    const reason = said?.errors?.[0]?.extensions?.reason;
    return { kind: "refused", status, reason: reason ?? `http_${status}` };
  };
}
