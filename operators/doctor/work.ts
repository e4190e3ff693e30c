import { broken, type Examination, type Finding, ok, warning } from "./finding.ts";

/** Whether somebody does the work: workers, dead jobs, what waits too long (FND-28). */
export const work: Examination = {
  name: "work",
  async examine({ worker }) {
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
    return findings;
  },
};
