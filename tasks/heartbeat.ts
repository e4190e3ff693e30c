import { hostname } from "node:os";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { describeFailure } from "../runtime/failure.ts";

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
 * Beats for this worker and frees the jobs of dead ones (quality: Faults). With the defaults a job of a
 * killed worker is free after 40 seconds at the latest; the queue alone would keep it for four hours.
 */
export async function startHeartbeat(
  pool: Pool,
  workerId: string,
  log: Logger,
  { everyMs = 10_000, silentMs = 30_000 }: HeartbeatSettings = {},
): Promise<Heartbeat> {
  let beatAt = 0;
  const beat = async () => {
    await pool.query("select app_private.beat($1, $2, $3)", [workerId, hostname(), process.pid]);
    const reaped = await pool.query<{ workers: string[] }>(
      "select app_private.reap_silent_workers(make_interval(secs => $1)) as workers",
      [silentMs / 1000],
    );
    const workers = reaped.rows[0]?.workers ?? [];
    if (workers.length > 0) log.warn({ workers }, "freed the jobs of dead workers");
    beatAt = Date.now();
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
