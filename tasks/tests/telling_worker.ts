import type { WithPgClient } from "graphile-worker";
import pg from "pg";
import automations from "../consumers/automations.ts";
import { drain } from "../drain.ts";

/** A process that tells the consumer what is pending about a subject, to be killed meanwhile: URL, subject. */
if (import.meta.main) {
  const [connectionString, subjectId] = process.argv.slice(2) as [string, string];
  const pool = new pg.Pool({ connectionString });
  const client = await pool.connect();
  const withPgClient = ((use: (one: pg.PoolClient) => Promise<unknown>) => use(client)) as WithPgClient;
  await drain(
    { automations },
    { consumer: "automations", subjectId },
    { withPgClient, abortSignal: new AbortController().signal },
  );
}
