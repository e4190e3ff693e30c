import { broken, type Examination, ok, warning } from "./finding.ts";

/**
 * Whether the database can be brought back to any moment (FND-36): every change must be archived. Only in production:
 * elsewhere nobody restores. A server that archives in vain goes on without a word, until its disk is full.
 */
export const backups: Examination = {
  name: "backups",
  async examine({ worker, production }) {
    if (!production) return [];
    const { rows } = await worker.query<{ mode: string; last: Date | null; failing_since: Date | null }>(`
      select current_setting('archive_mode') as mode,
             last_archived_time as last,
             case when last_failed_time > coalesce(last_archived_time, '-infinity') then last_failed_time end
               as failing_since
      from pg_catalog.pg_stat_archiver`);
    const { mode = "off", last = null, failing_since = null } = rows[0] ?? {};
    if (mode === "off") {
      return [
        warning(
          "changes are not archived (archive_mode is off): what was written since the last backup cannot be restored",
          "Turn it on and take a base backup (docs/guides/operators.md), or know that the host of the server does it otherwise.",
        ),
      ];
    }
    if (failing_since) {
      return [
        broken(
          `archiving fails, last at ${failing_since.toISOString()}: what was written since cannot be restored, and the disk of the database fills`,
          "See archive_command and the server's log: the folder must be there, and the server's user must be allowed to write to it.",
        ),
      ];
    }
    return [ok(last ? `changes are archived, last at ${last.toISOString()}` : "changes will be archived")];
  },
};
