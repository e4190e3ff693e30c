import os from "node:os";
import { password } from "../db/connection/login_roles.ts";
import { startEmbedded } from "../db/embedded/server.ts";
import { migrateDatabase } from "../db/migrating/migrate.ts";
import { prepareDatabase, withDatabase } from "../db/migrating/prepare.ts";
import { keptDatabase, keptServer } from "../db/testing/kept_server.ts";
import { runProgram } from "../runtime/run_program.ts";
import { LARGEST } from "./growth.ts";
import { measureRows, readRows, tableOf } from "./measure.ts";

/**
 * Measures what we claim about speed, each beside a peer or a floor in the same run, on a server of its own with
 * 200,000 bookings of other clinics. Words select rows: `npm run bench hold`; `--short` only shows that they run,
 * `--largest=100000` that clinics grow less far than to a million appointments.
 * Exit code 1 when a goal is missed or a row failed.
 */
async function run(args: string[]): Promise<number> {
  const short = args.includes("--short");
  const largest = Number(args.find((arg) => arg.startsWith("--largest="))?.split("=")[1] ?? LARGEST);
  const rows = await readRows(args.filter((arg) => !arg.startsWith("--")));
  // Durable, as in production: the temporary server of tests does not wait for the disk.
  const kept = await keptServer();
  const server = await startEmbedded({
    temporary: true,
    from: kept.data,
    password: kept.password,
    settings: { fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
  });
  try {
    const passwords = {
      owner: password(),
      authenticator: password(),
      worker: password(),
      telemetry: password(),
    };
    const urls = await prepareDatabase(server.adminUrl, { database: keptDatabase, passwords });
    await migrateDatabase(urls, { current: true });
    const lines = await measureRows(urls, withDatabase(server.adminUrl, keptDatabase), rows, {
      short,
      largest,
      told: (bookings) =>
        console.log(
          `${os.cpus()[0]?.model}, ${os.availableParallelism()} cores; ${bookings} other bookings\n`,
        ),
      // Apart from the table: the whole takes long on a machine that is busy, and ends all the same.
      done: ({ claim, ratio, ok }, seconds) => console.error(`${seconds} s: ${claim}: ${ratio} ${ok}`),
    });
    console.log(tableOf(lines));
    return lines.every(({ ok, failed }) => (short ? !failed : ok === "yes")) ? 0 : 1;
  } finally {
    await server.stop();
  }
}

await runProgram(() => run(process.argv.slice(2)));
