import { Counter, Gauge, Histogram, type Registry } from "@prometheus-io/client";
import type { WorkerEvents } from "graphile-worker";
import type { Pool } from "pg";

/** What the worker tells about its jobs (FND-28): how they ended and how long they took, by task. */
export function jobMetrics(registry: Registry, events: WorkerEvents): void {
  const jobs = new Counter({
    name: "restartix_jobs_total",
    help: "Jobs that ended: done, failed (tried again later) or dead (attempts used up).",
    labelNames: ["task", "outcome"],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "restartix_job_seconds",
    help: "How long a job ran.",
    labelNames: ["task"],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300],
    registers: [registry],
  });
  const started = new WeakMap<object, () => number>();
  events.on("job:start", ({ job }) => started.set(job, seconds.startTimer({ task: job.task_identifier })));
  events.on("job:complete", ({ job }) => started.get(job)?.());
  events.on("job:success", ({ job }) => jobs.inc({ task: job.task_identifier, outcome: "done" }));
  events.on("job:error", ({ job }) => {
    const outcome = job.attempts >= job.max_attempts ? "dead" : "failed";
    jobs.inc({ task: job.task_identifier, outcome });
  });
}

/** What the queue and the outbox hold, asked of the database at every scrape; every worker tells the same. */
export function queueMetrics(registry: Registry, pool: Pool): void {
  new Gauge({
    name: "restartix_queue",
    help: "Jobs by task and place (waiting, planned, running, dead), pending deliveries, living workers, oldest wait in seconds.",
    labelNames: ["figure", "task"],
    registers: [registry],
    async collect() {
      const { rows } = await pool.query<{ figure: string; task: string | null; value: number }>(
        "select figure, task, value from app_private.queue_figures()",
      );
      this.reset();
      for (const { figure, task, value } of rows) this.set({ figure, task: task ?? "" }, value);
    },
  });
}

/** What retentions removed, of which table, and when they were last acted on; every worker tells the same. GDP-03. */
export function retentionMetrics(registry: Registry, pool: Pool): void {
  const figures = async () =>
    (
      await pool.query<RetentionFigure>(
        "select table_name, retention, act, removed::float8, idle_seconds from app_private.retention_figures()",
      )
    ).rows;
  new Gauge({
    name: "restartix_retention_idle_seconds",
    help: "How long ago a rule of retention was last acted on.",
    labelNames: ["table", "retention"],
    registers: [registry],
    async collect() {
      const rows = await figures();
      this.reset();
      for (const { table_name: table, retention, idle_seconds } of rows)
        this.set({ table, retention }, idle_seconds);
    },
  });
  new Counter({
    name: "restartix_retention_rows_total",
    help: "Rows that a rule of retention has removed since it exists: delete (the row went) or blank (some columns of it).",
    labelNames: ["table", "retention", "act"],
    registers: [registry],
    async collect() {
      const rows = await figures();
      this.reset();
      for (const { table_name: table, retention, act, removed } of rows)
        this.inc({ table, retention, act }, removed);
    },
  });
}

type RetentionFigure = {
  table_name: string;
  retention: string;
  act: string;
  removed: number;
  idle_seconds: number;
};
