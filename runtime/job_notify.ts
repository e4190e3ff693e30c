import { ConfigError } from "./config_error.ts";

/**
 * JOB_NOTIFY: whether a commit that queues a job tells the workers (on, the default), or workers only look by
 * themselves (off). Commits that notify go one after the other through one lock of the whole server, so a busy
 * database does without. Read by `npm run migrate`, which switches the database, by the worker, which looks more often
 * then, and by the doctor. Throws a ConfigError.
 */
export function jobNotify(env: NodeJS.ProcessEnv): boolean {
  const said = env.JOB_NOTIFY || "on";
  if (said !== "on" && said !== "off") throw new ConfigError("JOB_NOTIFY must be on or off.");
  return said === "on";
}

/** How often a worker looks for jobs by itself, in milliseconds: each of its WORKER_CONCURRENCY places when it is idle. */
export const pollMs = (notify: boolean): number => (notify ? 2_000 : 500);
