import { setTimeout as sleep } from "node:timers/promises";
import type { JobHelpers } from "graphile-worker";
import type { WebhookOutcome, WebhookSender } from "../../providers/webhooks_out/index.ts";
import type { Secrets } from "../../secrets/index.ts";

type Claimed = {
  id: string;
  organization_id: string;
  claim: string;
  url: string;
  body: string;
  is_failing: boolean;
  secrets: { id: string; envelope: string }[] | null;
};

export type DispatchSettings = {
  /** Deliveries at once in this process. */
  most?: number;
  /** Of them, those of endpoints that fail. */
  mostFailing?: number;
  /** How often to look for what became due while something is being sent. */
  lookMs?: number;
};

/**
 * Sends what is due until nothing is (WHK-02). It is one job that keeps many requests in the air, rather than a job for each:
 * a receiver that hangs takes none of the worker's places, and the database says how many requests an endpoint gets, so
 * that one that is down delays no other. No connection is held while somebody outside is waited for. What this process
 * does not live to record is due again a minute later, with the same id.
 */
export async function dispatch(
  { withPgClient, abortSignal }: Pick<JobHelpers, "withPgClient" | "abortSignal">,
  { sender, secrets }: { sender: WebhookSender; secrets: Secrets },
  { most = 128, mostFailing = 48, lookMs = 250 }: DispatchSettings = {},
): Promise<void> {
  const inTheAir = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let failing = 0;

  const claim = async () => {
    const room = Math.min(most - inTheAir.size, 64);
    if (room <= 0) return [];
    const { rows } = await withPgClient((client) =>
      client.query<Claimed>("select * from app_private.claim_webhook_events($1, $2)", [
        room,
        Math.max(0, mostFailing - failing),
      ]),
    );
    return rows;
  };
  const deliver = async (claimed: Claimed) => {
    const outcome = await attempt(claimed, sender, secrets);
    await withPgClient((client) =>
      client.query("select app_private.record_webhook_attempt($1, $2, $3, $4, $5, $6, $7)", [
        claimed.id,
        claimed.claim,
        outcome.status,
        outcome.problem,
        outcome.answer,
        outcome.durationMs,
        outcome.retryAfter,
      ]),
    );
  };

  for (;;) {
    const rows = abortSignal?.aborted || failures.length > 0 ? [] : await claim();
    for (const row of rows) {
      if (row.is_failing) failing++;
      const sent: Promise<void> = deliver(row)
        .catch((error) => {
          failures.push(error);
        })
        .finally(() => {
          if (row.is_failing) failing--;
          inTheAir.delete(sent);
        });
      inTheAir.add(sent);
    }
    if (inTheAir.size === 0) break;
    // Whatever comes back makes room, a moment later for all that came back together.
    await Promise.race([...inTheAir, sleep(lookMs)]);
    await sleep(5);
  }
  await withPgClient((client) => client.query("select app_private.schedule_webhooks()"));
  if (failures.length > 0) throw new AggregateError(failures, "attempts could not be recorded");
}

/** One attempt; secrets that do not open are a problem of this delivery, which is tried again. */
async function attempt(
  { id, organization_id, url, body, secrets: sealed }: Claimed,
  sender: WebhookSender,
  secrets: Secrets,
): Promise<Omit<WebhookOutcome, "problem"> & { problem: WebhookOutcome["problem"] | "no_secret" }> {
  try {
    const opened = await Promise.all(
      (sealed ?? []).map((secret) =>
        secrets.open(organization_id, secretPlace(secret.id), Buffer.from(secret.envelope, "base64")),
      ),
    );
    if (opened.length === 0) throw new Error("no secret");
    return await sender.send({ id, url, body, secrets: opened.map((secret) => secret.toString("utf8")) });
  } catch {
    return { status: null, problem: "no_secret", answer: null, durationMs: 0, retryAfter: null };
  }
}

function secretPlace(row: string) {
  return { table: "app_private.webhook_secrets", column: "secret", row };
}
