import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import pg from "pg";

/**
 * Stands in for PostgreSQL's pg_basebackup, which is in none of our packages: asks the server for the same, as the same
 * role, by the same command of the replication protocol, and takes the options that the guide uses.
 */
const { values } = parseArgs({
  options: {
    dbname: { type: "string", default: "" },
    pgdata: { type: "string", default: "" },
    checkpoint: { type: "string" },
    "wal-method": { type: "string" },
  },
});
if (values.checkpoint !== "fast" || values["wal-method"] !== "none")
  throw new Error("the guide asks for something else");

mkdirSync(values.pgdata, { mode: 0o700 });
const tar = spawn("tar", ["-xf", "-", "-C", values.pgdata], { stdio: ["pipe", "inherit", "inherit"] });
const unpacked = new Promise<void>((resolve, reject) => {
  tar.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))));
});

const options = { connectionString: values.dbname, replication: "true" };
const client = new pg.Client(options as pg.ClientConfig);
await client.connect();
// One stream of messages: d is content of the archive that n began, p is progress. Copied, because pg uses its buffer again.
(client as unknown as { connection: NodeJS.EventEmitter }).connection.on(
  "copyData",
  ({ chunk }: { chunk: Buffer }) => {
    if (chunk[0] === "d".charCodeAt(0)) tar.stdin.write(Buffer.from(chunk.subarray(1)));
  },
);
await client.query("BASE_BACKUP (LABEL 'restartix', CHECKPOINT 'fast', WAL false, MANIFEST 'no')");
await client.end();
tar.stdin.end();
await unpacked;
