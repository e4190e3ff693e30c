import type pg from "pg";
import { jobsNotify } from "../../db/migrating/job_notify.ts";
import { jobNotify } from "../../runtime/job_notify.ts";
import { broken, type Examination, type Finding, ok, warning } from "./finding.ts";

/** Whether somebody does the work: workers, dead jobs, what waits too long (FND-28). */
export const work: Examination = {
  name: "work",
  async examine({ worker, env }) {
    const { rows } = await worker.query<{ figure: string; task: string | null; value: number }>(
      "select figure, task, value from app_private.queue_figures()",
    );
    const sum = (figure: string) =>
      rows.filter((row) => row.figure === figure).reduce((total, { value }) => total + value, 0);
    const dead = rows.filter(({ figure, value }) => figure === "jobs_dead" && value > 0);

    const findings: Finding[] = [];
    const alive = sum("workers_alive");
    findings.push(
      alive > 0
        ? ok(`${alive} worker${alive === 1 ? "" : "s"} alive`)
        : broken(
            "no worker gave a sign of life in the last 30 seconds",
            "Start one (npm run worker, or its unit), or look into its log.",
          ),
    );
    findings.push(
      dead.length === 0
        ? ok("no dead jobs")
        : warning(
            `dead jobs: ${dead.map(({ task, value }) => `${value} × ${task}`).join(", ")}`,
            "Sign in as superadmin: query deadLetters says why, replayDeadLetter tries again.",
          ),
    );
    const oldest = sum("oldest_waiting_seconds");
    findings.push(
      oldest <= 60
        ? ok("no job waits longer than a minute")
        : warning(
            `the oldest job has waited for ${Math.round(oldest)} s`,
            "Raise WORKER_CONCURRENCY or start another worker.",
          ),
    );
    findings.push(await examineRetentions(worker), await examineNotify(worker, env));
    return findings;
  },
};

/** The task runs every ten minutes; what has not been acted on for a day grows, or is kept for too long. GDP-03. */
async function examineRetentions(worker: pg.Client): Promise<Finding> {
  const { rows } = await worker.query<{ table_name: string; hours: number }>(
    `select table_name, floor(max(idle_seconds) / 3600)::int as hours
     from app_private.retention_figures() where idle_seconds > 24 * 3600 group by table_name order by table_name`,
  );
  if (rows.length === 0) return ok("retentions were acted on within a day");
  return warning(
    `nothing was purged for ${Math.max(...rows.map(({ hours }) => hours))} hours: ${rows.map(({ table_name }) => table_name).join(", ")}`,
    "Look into the log of the worker for act_on_retentions, which it runs every ten minutes.",
  );
}

/** The database does as the settings say: otherwise jobs wait for the next look, or commits for each other. */
async function examineNotify(worker: pg.Client, env: NodeJS.ProcessEnv): Promise<Finding> {
  const wanted = jobNotify(env);
  const is = await jobsNotify(worker);
  if (is === wanted)
    return ok(wanted ? "jobs are announced" : "jobs are not announced, and workers look often");
  return warning(
    `JOB_NOTIFY is ${wanted ? "on" : "off"}, and the database ${is === null ? "announces some jobs" : is ? "announces jobs" : "announces none"}`,
    "Run npm run migrate with the settings of the processes: it switches the database.",
  );
}
