import type pg from "pg";
import { newestMigration, numberOf } from "../../db/connection/standing.ts";
import { broken, type Examination, type Finding, ok, warning } from "./finding.ts";

/** The server itself: version, encoding, migrations, extensions, clock, room for connections (FND-28). */
export const database: Examination = {
  name: "database",
  async examine({ authenticator, worker, production }) {
    const strangers = [
      ...wrongRole("AUTHENTICATOR_DATABASE_URL", await roleOf(authenticator), "app_authenticator"),
      ...wrongRole("WORKER_DATABASE_URL", await roleOf(worker), "app_worker"),
    ];
    // They may not ask for what follows, and what they are told would say nothing about the processes.
    if (strangers.length > 0) return strangers;

    const { rows } = await authenticator.query<{
      version: number;
      encoding: string;
      migrated_to: string | null;
      workers_from: number;
      extensions: string[];
      now: Date;
      encrypted: boolean;
      local: boolean;
      max_connections: number;
    }>(`
      select current_setting('server_version_num')::int as version,
             current_setting('server_encoding') as encoding,
             app_hidden.migrated_to() as migrated_to,
             app_hidden.workers_from() as workers_from,
             array(select extname::text from pg_catalog.pg_extension e
                   join pg_catalog.pg_namespace n on n.oid = e.extnamespace
                   where n.nspname = 'extensions') as extensions,
             clock_timestamp() as now,
             coalesce((select ssl from pg_catalog.pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted,
             inet_server_addr() is null or inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1' as local,
             current_setting('max_connections')::int as max_connections`);
    const found = rows[0];
    if (!found) throw new Error("the database answered with nothing");
    const expected = newestMigration();
    const missing = ["btree_gist", "pgcrypto", "pg_trgm", "unaccent"].filter(
      (name) => !found.extensions.includes(name),
    );
    const skew = Math.abs(found.now.getTime() - Date.now()) / 1000;

    return [
      found.version >= 180_000
        ? ok(`PostgreSQL ${Math.floor(found.version / 10_000)}`)
        : broken(`PostgreSQL ${found.version}`, "Upgrade to PostgreSQL 18: uuidv7() and others are needed."),
      found.encoding === "UTF8"
        ? ok("encoding UTF8")
        : broken(`encoding ${found.encoding}`, "Make the database anew with encoding UTF8."),
      migrationFinding(numberOf(found.migrated_to ?? ""), expected, found.workers_from),
      missing.length === 0
        ? ok("extensions are in the schema extensions")
        : broken(
            `extensions missing: ${missing.join(", ")}`,
            "Run npm run migrate as an administrator: db/migrations/extensions.sql makes them.",
          ),
      skew <= 2
        ? ok("clocks agree with the database's")
        : broken(
            `this machine's clock and the database's are ${skew.toFixed(0)} s apart`,
            "Synchronise both with NTP: tokens, holds and signatures depend on it.",
          ),
      found.encrypted || found.local
        ? ok(found.encrypted ? "the connection is encrypted" : "the database is on this machine")
        : (production ? broken : warning)(
            "the connection to the database is not encrypted",
            "Add sslmode=verify-full to the database URLs.",
          ),
      found.max_connections >= 40
        ? ok(`room for ${found.max_connections} connections`)
        : warning(
            `room for ${found.max_connections} connections only`,
            "Raise max_connections, or lower DATABASE_POOL_SIZE and WORKER_CONCURRENCY.",
          ),
    ];
  },
};

async function roleOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ role: string }>("select session_user::text as role");
  return rows[0]?.role;
}

function wrongRole(variable: string, is: string | undefined, must: string): Finding[] {
  if (is === must) return [];
  return [
    broken(`${variable} leads in as ${is}`, `It must lead in as ${must}: another role may do more, or less.`),
  ];
}

function migrationFinding(at: number, expected: number, workersFrom: number): Finding {
  if (at === expected) return ok(`migrated to ${at}`);
  if (workersFrom > expected)
    return broken(
      `migrated to ${at}, which takes workers from ${workersFrom} on, and this code is of ${expected}`,
      "Start the worker of the new version; jobs wait, and those that failed are tried again.",
    );
  if (at > expected) return ok(`migrated to ${at}, ahead of this code, which is of ${expected}`);
  return broken(`migrated to ${at}, and this code expects ${expected}`, "Run npm run migrate.");
}
