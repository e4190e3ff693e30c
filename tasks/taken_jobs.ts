import type { Job, WorkerEvents } from "graphile-worker";
import type { Pool } from "pg";

export type TakenJobs = {
  /** Gives back what the worker holds without knowing; answers with the ids of those jobs. */
  giveBackLost(pool: Pool, workerId: string): Promise<string[]>;
};

/**
 * Knows which jobs this worker has taken. When a connection is lost between the commit that took a job and the answer
 * that names it, the job is locked by a worker that lives and never heard of it: nobody runs it, and nobody frees it. The
 * queue's table is compared with what is known here. An answer may be on its way while we look, so only what was already
 * strange at the last look is given back.
 */
export function watchTakenJobs(events: WorkerEvents): TakenJobs {
  const running = new Set<string>();
  // The worker has done with them, and their end is being written down, if need be again and again.
  const ended = new Set<string>();
  let strange = new Set<string>();
  events.on("job:start", ({ job }) => running.add(takingOf(job)));
  events.on("job:complete", ({ job }) => {
    running.delete(takingOf(job));
    ended.add(takingOf(job));
  });

  return {
    async giveBackLost(pool, workerId) {
      const endedBefore = [...ended];
      const { rows } = await pool.query<Taking>(
        "select id, locked_at from graphile_worker._private_jobs where locked_by = $1",
        [workerId],
      );
      const held = new Map(rows.map((row) => [takingOf(row), row.id]));
      for (const taking of endedBefore) if (!held.has(taking)) ended.delete(taking);

      const unknown = [...held].filter(([taking]) => !running.has(taking) && !ended.has(taking));
      const lost = unknown.filter(([taking]) => strange.has(taking)).map(([, id]) => id);
      strange = new Set(unknown.map(([taking]) => taking));
      if (lost.length > 0) await pool.query("select app_private.give_back_jobs($1, $2)", [workerId, lost]);
      return lost;
    },
  };
}

type Taking = Pick<Job, "id" | "locked_at">;

/** A job may be taken again and again, each time at another moment. */
const takingOf = ({ id, locked_at }: Taking): string => `${id} at ${locked_at?.getTime()}`;
