import { createHash } from "node:crypto";

/** So many tokens are remembered; the one that was verified longest ago goes first. */
const REMEMBERED = 10_000;

/**
 * Remembers what verified tokens say, by their digests, until they end: the same token comes with every request of a
 * minute, and its signature costs more than anything else of a small request. Only for as long as its key is the one it
 * was verified with. Whether the session was ended meanwhile the database is asked at every request, as before (FND-03).
 */
export function createRememberedTokens<Claims extends { expiresAt: Date }>() {
  const remembered = new Map<string, { claims: Claims; key: string }>();
  return {
    claimsOf(token: string, key: string): Claims | undefined {
      const known = remembered.get(digestOf(token));
      return known && known.key === key && known.claims.expiresAt.getTime() > Date.now()
        ? known.claims
        : undefined;
    },
    remember(token: string, key: string, claims: Claims): void {
      if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string);
      remembered.set(digestOf(token), { claims, key });
    },
  };
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
