import type { JobHelpers } from "graphile-worker";
import type { Claimed, Outcome } from "./attempt.ts";

/**
 * Writes down what came of deliveries, together: whatever comes while the statement before is on its way goes with the next. What
 * that leaves out, because it disables a subscription or waits for somebody's lock, is written by itself.
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

  function recordTogether(id: string, row: object): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    waiting.push({ id, row, resolve, reject });
    if (!writing) void write();
    return promise;
  }

  return async function record({ id, claim }: Claimed, result: Outcome): Promise<void> {
    if (result.kind === "postponed") {
      await withPgClient((client) =>
        client.query("select app_private.postpone_webhook($1, $2, $3)", [id, claim, result.problem]),
      );
      return;
    }
    const { status, problem, answer, durationMs: duration, retryAfter } = result.outcome;
    if (await recordTogether(id, { id, claim, status, problem, answer, duration, retryAfter })) return;
    await withPgClient((client) =>
      client.query("select app_private.record_webhook_attempt($1, $2, $3, $4, $5, $6, $7)", [
        id,
        claim,
        status,
        problem,
        answer,
        duration,
        retryAfter,
      ]),
    );
  };
}
