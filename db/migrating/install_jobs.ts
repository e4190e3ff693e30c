import { Logger, runMigrations } from "graphile-worker";
import { jobNotify } from "../../runtime/job_notify.ts";
import { switchJobNotify } from "./job_notify.ts";
import { withClient } from "./prepare.ts";

/**
 * Installs or upgrades graphile-worker's schema, owned by the role of the URL: app_owner. Whether jobs are announced is
 * said by JOB_NOTIFY.
 */
export async function installJobs(ownerUrl: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const notify = jobNotify(env);
  const logger = new Logger(() => (level, message) => {
    if (level === "error" || level === "warning") console.error(message);
  });
  await runMigrations({ connectionString: ownerUrl, logger });
  await withClient(ownerUrl, (client) => switchJobNotify(client, notify));
}

// graphile-migrate runs this file before migrations and says where in GM_DBURL (see .gmrc).
if (import.meta.main) await installJobs(process.env.GM_DBURL ?? "");
