import { createPublicKey, type JsonWebKey } from "node:crypto";
import { z } from "zod";
import { readAtMost } from "./read_at_most.ts";

/** Providers publish a few keys of one or two kilobytes. */
const MOST_BYTES = 256 << 10;

/** Finds the public key, in PEM, that a token with this key id must be signed with; null when there is none. */
export type KeySource = (keyId: string | undefined) => Promise<string | null>;

/** One fixed key: verification never touches the network (FND-03). */
export function fixedKey(pem: string): KeySource {
  return async () => pem;
}

const jwks = z.object({
  keys: z.array(
    z.looseObject({ kid: z.string(), kty: z.string(), n: z.string().optional(), e: z.string().optional() }),
  ),
});

/**
 * Keys published at a JWKS URL, fetched once and kept. A key id that is not known asks again, but never
 * more often than the cool-down, so that a flood of invented key ids makes no flood of requests (FND-03).
 * Keys that were fetched stay usable while the URL does not answer.
 */
export function cachedJwks(
  url: string,
  {
    coolDownMs = 60_000,
    timeoutMs = 2_000,
    fetchJson = fetchJsonOver,
  }: { coolDownMs?: number; timeoutMs?: number; fetchJson?: typeof fetchJsonOver } = {},
): KeySource {
  let keys = new Map<string, string>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    askedAt = Date.now();
    const document = jwks.parse(await fetchJson(url, timeoutMs));
    keys = new Map(
      document.keys
        .filter((key) => key.kty === "RSA")
        .map((key) => [
          key.kid,
          createPublicKey({ key: key as JsonWebKey, format: "jwk" })
            .export({ type: "spki", format: "pem" })
            .toString(),
        ]),
    );
  }

  return async (keyId) => {
    if (keyId === undefined) return null;
    if (!keys.has(keyId) && Date.now() - askedAt >= coolDownMs) {
      asking ??= ask().finally(() => {
        asking = null;
      });
    }
    if (!keys.has(keyId) && asking) await asking.catch(() => {});
    return keys.get(keyId) ?? null;
  };
}

async function fetchJsonOver(url: string, timeoutMs: number): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" });
  if (!response.ok) throw new Error(`JWKS answered ${response.status}`);
  return JSON.parse(await readAtMost(response, MOST_BYTES));
}
