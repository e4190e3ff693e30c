import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { runProgram } from "../../../runtime/run_program.ts";
import { startKillable } from "./database.ts";
import { deploy, type Fault, faults, freePorts } from "./deployment.ts";
import { rounds } from "./rounds.ts";
import { storm } from "./storm/storm.ts";

/**
 * `npm run chaos -- --rounds 20 --seconds 10` (FND-28): kills processes under load, and counts what was lost.
 * `npm run chaos -- --storm 100000`: so many attempts to take, move and free the same times, at the database itself.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "12" },
      seconds: { type: "string", default: "8" },
      fault: { type: "string", multiple: true },
      storm: { type: "string" },
    },
  });
  const broken = values.storm
    ? await stormOf(Number(values.storm))
    : await roundsOf(Number(values.rounds), Number(values.seconds), (values.fault ?? faults) as Fault[]);
  console.log(broken === 0 ? "Nothing was lost and nothing was done twice." : `${broken} violations`);
  return broken === 0 ? 0 : 1;
}

async function roundsOf(count: number, seconds: number, chosen: Fault[]): Promise<number> {
  const deployment = await deploy();
  let broken = 0;
  try {
    for await (const round of rounds(deployment, chosen, count, seconds)) {
      broken += round.violations.length;
      console.log(
        `${String(round.n).padStart(3)}  ${round.fault.padEnd(10)} ${String(round.bookings).padStart(5)} bookings  ` +
          `${String(round.confirmed).padStart(5)} confirmed  ${String(round.recordings).padStart(3)} recordings  ${round.lost} of ${round.sent} requests without an answer  ` +
          `settled in ${(round.settledMs / 1000).toFixed(1)} s`,
      );
      for (const violation of round.violations) console.log(`     ${violation}`);
    }
  } finally {
    await deployment.stop();
  }
  return broken;
}

async function stormOf(attempts: number): Promise<number> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-storm-"));
  chmodSync(dataDir, 0o711); // the user of the database must get in
  const [port = 0] = await freePorts(1);
  // Processes die, not the machine: what was written is there, whether or not the disk has it already.
  const database = await startKillable(path.join(dataDir, "postgres"), port, { fsync: "off" });
  try {
    const every = { connection: 200, backend: 4_000, postmaster: 10_000 };
    const report = await storm(database, { attempts, days: 8, every }, (made, seconds) =>
      console.log(`${made} attempts, ${(made / seconds).toFixed(0)} a second`),
    );
    for (const [what, count] of [...report.tally].sort())
      console.log(`${String(count).padStart(7)}  ${what}`);
    const { connection, backend, postmaster } = report.faults;
    console.log(
      `${report.attempts} attempts in ${report.seconds.toFixed(0)} s, ${(report.attempts / report.seconds).toFixed(0)} a second; ` +
        `${connection} connections cut, ${backend} backends and ${postmaster} postmasters killed`,
    );
    for (const violation of report.violations) console.log(`     ${violation}`);
    return report.violations.length;
  } finally {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await runProgram(main);
