import pg from "pg";
import { openAsWorker, requireWorkerUrl } from "../../db/migrating/open_database.ts";
import { storesFrom } from "../../providers/storage/index.ts";
import { together } from "../../runtime/config_error.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { verifyAudit } from "./verify.ts";

/**
 * `npm run audit:verify` (FND-09): verifies every audit chain, and the database against the anchors in object
 * storage. Works on WORKER_DATABASE_URL, or on the database that `npm start` runs. Exit code 1 when
 * anything is not as it was written.
 */
async function run(): Promise<number> {
  const [stores] = together(
    () => storesFrom(process.env),
    () => requireWorkerUrl(),
  );
  const database = await openAsWorker();
  const client = new pg.Client({ connectionString: database.url });
  try {
    await client.connect();
    const { chains, entries, anchors, findings } = await verifyAudit(client, await stores.for(null));
    for (const { chain, finding, at } of findings) console.error(`${chain}: ${finding} ${at}`);
    console.log(
      `${chains} chains, ${entries} entries, ${anchors} anchors: ` +
        (findings.length === 0 ? "all as they were written" : `${findings.length} findings`),
    );
    return findings.length === 0 ? 0 : 1;
  } finally {
    await client.end();
    stores.close();
    await database.close();
  }
}

await runProgram(run);
