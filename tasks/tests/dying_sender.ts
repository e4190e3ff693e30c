import pg from "pg";
import { localKms } from "../../providers/kms/local.ts";
import { webhookSender } from "../../providers/webhooks_out/index.ts";
import { createSecrets } from "../../secrets/index.ts";
import { dispatch } from "../webhooks_out/dispatch.ts";

/** A process of its own that sends what is due, and is killed while it does: the database's URL, the file of the master key. */
const [databaseUrl, file] = process.argv.slice(2) as [string, string];
const pool = new pg.Pool({ connectionString: databaseUrl });
const withPgClient = (async (use: (client: pg.PoolClient) => Promise<unknown>) => {
  const client = await pool.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}) as Parameters<typeof dispatch>[0]["withPgClient"];
await dispatch(
  { withPgClient, abortSignal: new AbortController().signal },
  {
    sender: webhookSender({ loopback: true }),
    secrets: createSecrets(localKms({ file, create: false }), pool),
  },
);
