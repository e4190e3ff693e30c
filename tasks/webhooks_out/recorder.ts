import type { JobHelpers } from "graphile-worker";
import type { WebhookOutcome } from "../../providers/webhooks_out/index.ts";
import type { Claimed, Outcome } from "./attempt.ts";

/**
 * Writes down what came of deliveries. What sound receivers took is written together: whatever comes while the statement before is
 * on its way goes with the next. Everything else decides about its endpoint and is written by itself.
 */
export function createRecorder(withPgClient: JobHelpers["withPgClient"]) {
  type Waiting = {
    id: string;
    row: object;
    resolve(isRecorded: boolean): void;
    reject(error: unknown): void;
  };
  let waiting: Waiting[] = [];
  let writing = false;

  async function write(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const { rows } = await withPgClient((client) =>
          client.query<{ id: string }>("select app_private.record_webhook_deliveries($1) as id", [
            JSON.stringify(batch.map(({ row }) => row)),
          ]),
        );
        const recorded = new Set(rows.map(({ id }) => id));
        for (const { id, resolve } of batch) resolve(recorded.has(id));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  }

  async function recordTaken({ id, claim }: Claimed, outcome: WebhookOutcome): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const { status, answer, durationMs: duration } = outcome;
    waiting.push({ id, row: { id, claim, status, answer, duration }, resolve, reject });
    if (!writing) void write();
    return promise;
  }

  return async function record(claimed: Claimed, result: Outcome): Promise<void> {
    const { id, claim, is_failing } = claimed;
    if (result.kind === "postponed") {
      await withPgClient((client) =>
        client.query("select app_private.postpone_webhook($1, $2, $3)", [id, claim, result.problem]),
      );
      return;
    }
    const { outcome } = result;
    if (outcome.problem === null && !is_failing && (await recordTaken(claimed, outcome))) return;
    await withPgClient((client) =>
      client.query("select app_private.record_webhook_attempt($1, $2, $3, $4, $5, $6, $7)", [
        id,
        claim,
        outcome.status,
        outcome.problem,
        outcome.answer,
        outcome.durationMs,
        outcome.retryAfter,
      ]),
    );
  };
}
