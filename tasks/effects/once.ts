import type { WithPgClient } from "graphile-worker";
import type { PoolClient } from "pg";

/** Somebody else is making the effect right now; the job comes back later and finds out how it ended. */
export class EffectBusy extends Error {
  override name = "EffectBusy";
}

/** What an effect answers when it found that it is not to be made yet: its key stays free. */
export const notYet = Symbol("not yet");

/** An effect by its key, and the job that makes it. */
type Effect = { key: string; by: string };

/**
 * Makes an effect on the outside world at most once per record of it (FND-14, quality: Faults).
 *
 * The key is locked first, by a lock of this connection: two workers never make the effect at the same
 * time, and a crash frees the key at once. A key whose effect was recorded is never made again. Between
 * the vendor's yes and our record lies one gap: a process that dies there leaves a key that is not done,
 * and the retry makes the effect again. So the effect must pass the same key to the vendor, and what the
 * vendor does with it is the rest of the guarantee (see the port of each provider).
 *
 * The effect runs outside a transaction: a vendor's answer is never waited for with rows locked.
 */
export async function once(
  withPgClient: WithPgClient,
  named: Effect,
  effect: (client: PoolClient) => Promise<unknown>,
): Promise<void> {
  await withPgClient(async (client) => {
    await onceOn(client, named, () => effect(client));
  });
}

/** The same on a connection that is there already: one effect may consist of several, each made once. */
export async function onceOn(
  client: PoolClient,
  { key, by }: Effect,
  effect: () => Promise<unknown>,
): Promise<void> {
  const taken = await client.query<{ state: "claimed" | "busy" | "done" }>(
    "select app_private.claim_effect($1, $2) as state",
    [key, by],
  );
  const state = taken.rows[0]?.state;
  if (state === "done") return;
  if (state === "busy") throw new EffectBusy(`${key} is being made by another worker`);

  try {
    const result = await effect();
    if (result === notYet) return;
    await client.query("select app_private.finish_effect($1, $2)", [key, JSON.stringify(result ?? null)]);
  } finally {
    await client.query("select app_private.release_effect($1)", [key]);
  }
}
