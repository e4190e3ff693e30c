import { hostname } from "node:os";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { describeFailure } from "../runtime/failure.ts";
import type { TakenJobs } from "./taken_jobs.ts";

export type HeartbeatSettings = {
  /** How often this worker says that it lives and looks for those that died. */
  everyMs?: number;
  /** How long a worker may be silent before its jobs are freed. */
  silentMs?: number;
};

export type Heartbeat = {
  /** Whether the last beat reached the database and is not older than a silent worker's. */
  isFresh(): boolean;
  /** Retires this worker. */
  stop(): Promise<void>;
};

/**
 * Beats for this worker, gives back the jobs that it holds without knowing, queues deliveries that the queue lost, and frees
 * the jobs of dead workers (quality: Faults). With the defaults a job of a killed worker is free after 40 seconds at the
 * latest, one that was lost on its way to a living worker after 20, and a delivery has a job after 40; the queue alone
 * would keep such jobs for four hours.
 */
export async function startHeartbeat(
  pool: Pool,
  workerId: string,
  taken: TakenJobs,
  log: Logger,
  { everyMs = 10_000, silentMs = 30_000 }: HeartbeatSettings = {},
): Promise<Heartbeat> {
  let beatAt = 0;
  let reachableSince = 0;
  const beat = async () => {
    await pool.query("select app_private.beat($1, $2, $3)", [workerId, hostname(), process.pid]);
    // While the database was away all workers were silent: the others get the time for two beats before they are taken for dead.
    const now = Date.now();
    if (now - beatAt > 2 * everyMs) reachableSince = now;
    beatAt = now;
    const lost = await taken.giveBackLost(pool, workerId);
    if (lost.length > 0) log.warn({ jobs: lost }, "gave back jobs whose taking was never answered");
    await pool.query("select app_private.enqueue_overdue_deliveries()");
    if (now - reachableSince < 2 * everyMs) return;
    const reaped = await pool.query<{ workers: string[] }>(
      "select app_private.reap_silent_workers(make_interval(secs => $1)) as workers",
      [silentMs / 1000],
    );
    const workers = reaped.rows[0]?.workers ?? [];
    if (workers.length > 0) log.warn({ workers }, "freed the jobs of dead workers");
  };

  await beat();
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beat().catch((error) => log.error({ error: describeFailure(error) }, "heartbeat failed"));
  }, everyMs);

  return {
    isFresh: () => Date.now() - beatAt < silentMs,
    async stop() {
      clearInterval(timer);
      await beating;
      await pool.query("select app_private.retire_worker($1)", [workerId]);
    },
  };
}
