import { Logger, runMigrations } from "graphile-worker";

/** Installs or upgrades graphile-worker's schema, owned by the role of the URL: app_owner. */
export async function installJobs(ownerUrl: string): Promise<void> {
  const logger = new Logger(() => (level, message) => {
    if (level === "error" || level === "warning") console.error(message);
  });
  await runMigrations({ connectionString: ownerUrl, logger });
}

// graphile-migrate runs this file before migrations and says where in GM_DBURL (see .gmrc).
if (import.meta.main) await installJobs(process.env.GM_DBURL ?? "");
