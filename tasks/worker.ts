import { EventEmitter } from "node:events";
import { parseCrontab, Logger as QueueLogger, run, type TaskList, type WorkerEvents } from "graphile-worker";
import type { Logger } from "pino";
import { standingOfWorker } from "../db/connection/standing.ts";
import { describeFailure } from "../runtime/failure.ts";
import { type OperationsListener, startOperationsListener } from "../runtime/operations/listener.ts";
import { processMetrics } from "../runtime/operations/process_metrics.ts";
import { createSecrets } from "../secrets/index.ts";
import { createLinkKeys } from "../secrets/links/link_key.ts";
import { crontabOf } from "./crontab.ts";
import { type Heartbeat, type HeartbeatSettings, startHeartbeat } from "./heartbeat.ts";
import { jobMetrics, queueMetrics, retentionMetrics } from "./job_metrics.ts";
import { QueuePool } from "./queue_pool.ts";
import { tasks as everyTask, taskList } from "./registry.ts";
import { watchTakenJobs } from "./taken_jobs.ts";
import type { Outside } from "./task.ts";

export type WorkerOptions = Omit<Outside, "secrets" | "linkKeys"> & {
  /** As app_worker: it owns nothing and runs the functions granted to it. */
  databaseUrl: string;
  log: Logger;
  /** Jobs at once. */
  concurrency?: number;
  /** How often to look for jobs that became due; new ones are announced at once. */
  pollMs?: number;
  heartbeat?: HeartbeatSettings;
  /** Where health and metrics are asked for; nowhere when absent. */
  ops?: { host: string; port: number };
  /** Whether this worker follows the clock. */
  timed?: boolean;
  /** Instead of the registry, for tests. */
  tasks?: TaskList;
};

export type Worker = {
  /** What jobs are locked by. */
  id: string;
  /** The port that health and metrics are asked on, where there is one. */
  opsPort?: number;
  /** Settles when the worker has ended, wanted or not. */
  ended: Promise<void>;
  /** Takes no more jobs, lets the running ones finish, and leaves. */
  stop(): Promise<void>;
};

/** Starts a worker on the queue (FND-14). It neither installs nor migrates the queue's schema. */
export async function startWorker({
  databaseUrl,
  log,
  concurrency = 5,
  pollMs = 2_000,
  heartbeat: heartbeatSettings,
  ops,
  timed = true,
  tasks,
  ...outside
}: WorkerOptions): Promise<Worker> {
  const pool = new QueuePool({
    connectionString: databaseUrl,
    application_name: "restartix worker",
    max: concurrency + 3, // the listener, the heartbeat, and finishing jobs
  });
  const lost = (error: Error) =>
    log.error({ error: describeFailure(error) }, "a database connection was lost");
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));

  let id = "";
  const events: WorkerEvents = new EventEmitter();
  const registry = processMetrics("worker", pool);
  jobMetrics(registry, events);
  const taken = watchTakenJobs(events);
  queueMetrics(registry, pool);
  retentionMetrics(registry, pool);
  events.once("pool:create", ({ workerPool }) => {
    id = workerPool.id;
  });
  const secrets = createSecrets(outside.kms, pool);
  const runner = await run({
    pgPool: pool,
    taskList: tasks ?? taskList({ ...outside, secrets, linkKeys: createLinkKeys(pool, secrets) }),
    parsedCronItems: timed ? parseCrontab(crontabOf(everyTask)) : [],
    concurrency,
    pollInterval: pollMs,
    noHandleSignals: true, // main.ts decides when to leave
    logger: toQueueLogger(log),
    events,
  });
  runner.promise.catch((error) => log.error({ error: describeFailure(error) }, "the queue ended"));

  let heartbeat: Heartbeat | undefined;
  let listener: OperationsListener | undefined;
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      await runner.stop().catch(() => {}); // it may have ended by itself
      await heartbeat?.stop();
      await listener?.close();
      await pool.end();
    })();
    return stopping;
  };

  try {
    const beating = await startHeartbeat(pool, id, taken, log, heartbeatSettings);
    heartbeat = beating;
    if (ops) {
      listener = await startOperationsListener({
        ...ops,
        registry,
        readiness: async () => {
          const schema = await standingOfWorker(pool).then(
            ({ standing }) => standing,
            () => "unknown",
          );
          const ready = beating.isFresh() && !stopping && schema === "current";
          return { ready, checks: { heartbeat: beating.isFresh() ? "fresh" : "silent", schema } };
        },
      });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { id, ended: runner.promise, stop, ...(listener && { opsPort: listener.port }) };
}

function toQueueLogger(log: Logger): QueueLogger {
  const levels = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;
  // Its meta carries whole jobs and errors; the message alone is enough and safe.
  return new QueueLogger((scope) => (level, message) => {
    log[levels[level]]({ task: scope.taskIdentifier, job: scope.jobId }, message);
  });
}
