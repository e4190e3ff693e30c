import { setTimeout as sleep } from "node:timers/promises";
import type { JobHelpers } from "graphile-worker";
import type { WebhookSender } from "../../providers/webhooks_out/index.ts";
import { describeFailure } from "../../runtime/failure.ts";
import type { Secrets } from "../../secrets/index.ts";
import { attempt, type Claimed } from "./attempt.ts";
import { createRecorder } from "./recorder.ts";

export type DispatchSettings = {
  /** Deliveries at once in this process. */
  most?: number;
  /** Of them, those of endpoints that fail. */
  mostFailing?: number;
  /** How often to look for what became due while something is being sent. */
  lookMs?: number;
};

const nobody = "00000000-0000-0000-0000-000000000000";

/** Whose turn was the last: turns go from the one after `before` to the highest id, and on from the lowest. */
function lastInTurn(rows: Claimed[], before: string): string {
  const ids = rows.map((row) => row.subscription_id).sort();
  return ids.findLast((id) => id <= before) ?? ids.at(-1) ?? before;
}

/**
 * Sends what is due until nothing is (WHK-02). It is one job that keeps many requests in the air, rather than a job for each:
 * a receiver that hangs takes none of the worker's places, and the database says how many requests an endpoint gets, so
 * that one that is down delays no other. No connection is held while somebody outside is waited for. What this process
 * does not live to record is due again a minute later, with the same id. What could not leave for a reason of ours waits
 * half a minute, counts nowhere, and is said to the log of whoever runs this.
 */
export async function dispatch(
  { withPgClient, abortSignal }: Pick<JobHelpers, "withPgClient" | "abortSignal">,
  { say = () => {}, ...outside }: { sender: WebhookSender; secrets: Secrets; say?: (line: string) => void },
  { most = 128, mostFailing = 48, lookMs = 250 }: DispatchSettings = {},
): Promise<void> {
  const inTheAir = new Set<Promise<void>>();
  const failures: unknown[] = [];
  /** Reasons of ours for which something did not leave, and how much. */
  const postponed = new Map<string, number>();
  const record = createRecorder(withPgClient);
  /** The endpoints that had the last turn: of those that are sound, and of those that fail. */
  const turns = { sound: nobody, failing: nobody };
  let failing = 0;

  const claim = async (): Promise<Claimed[]> => {
    const room = Math.min(most - inTheAir.size, 64);
    if (room <= 0 || abortSignal?.aborted || failures.length > 0) return [];
    const { rows } = await withPgClient((client) =>
      client.query<Claimed>("select * from app_private.claim_webhook_events($1, $2, $3, $4)", [
        room,
        Math.max(0, mostFailing - failing),
        turns.sound,
        turns.failing,
      ]),
    );
    turns.sound = lastInTurn(
      rows.filter((row) => !row.is_failing),
      turns.sound,
    );
    turns.failing = lastInTurn(
      rows.filter((row) => row.is_failing),
      turns.failing,
    );
    return rows;
  };
  const deliver = async (claimed: Claimed) => {
    const result = await attempt(claimed, outside);
    if (result.kind === "postponed") {
      const why = `${result.problem}: ${describeFailure(result.error)}`;
      postponed.set(why, (postponed.get(why) ?? 0) + 1);
    }
    await record(claimed, result);
  };

  for (;;) {
    // What is in the air comes back and is recorded, also when nothing more can be claimed.
    const rows = await claim().catch((error) => {
      failures.push(error);
      return [];
    });
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
  for (const [why, count] of postponed) say(`${count} deliveries of webhooks could not leave: ${why}`);
  await withPgClient((client) => client.query("select app_private.schedule_webhooks()"));
  if (failures.length > 0) throw new AggregateError(failures, "attempts could not be recorded");
}
