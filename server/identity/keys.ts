import { createPublicKey, type JsonWebKey } from "node:crypto";
import { z } from "zod";
import { request } from "../../providers/outbound/index.ts";

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
  const { status, body } = await request(url, { reach: "anywhere", timeoutMs, longest: 256 * 1024 });
  if (status !== 200) throw new Error(`JWKS answered ${status}`);
  return JSON.parse(body.toString("utf8"));
}
