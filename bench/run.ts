import { readdirSync } from "node:fs";
import os from "node:os";
import type pg from "pg";
import { startEmbedded } from "../db/bin/embedded.ts";
import { migrateDatabase } from "../db/bin/migrate.ts";
import { prepareDatabase, withDatabase } from "../db/bin/prepare.ts";
import { runProgram } from "../db/bin/run_program.ts";
import { password } from "../db/bin/secrets.ts";
import { fillDatabase } from "./fixture.ts";
import { type Bench, type Measurement, open, type Row } from "./row.ts";

/**
 * Measures what we claim about speed, each beside a peer or a floor in the same run, on a server of its own with
 * 200,000 bookings of other clinics. Words select rows: `npm run bench hold`. Exit code 1 when a goal is missed.
 */
async function run(words: string[]): Promise<number> {
  const rows = await readRows(words);
  // Durable, as in production: the temporary server of tests does not wait for the disk.
  const server = await startEmbedded({
    temporary: true,
    settings: { fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
  });
  const connections: pg.Client[] = [];
  try {
    const passwords = {
      owner: password(),
      authenticator: password(),
      worker: password(),
      telemetry: password(),
    };
    const urls = await prepareDatabase(server.adminUrl, { database: "bench", passwords });
    await migrateDatabase(urls, { current: true });
    const connect = async (url = urls.authenticator) => {
      const client = await open(url);
      connections.push(client);
      return client;
    };
    const admin = await connect(withDatabase(server.adminUrl, "bench"));
    const fixture = await fillDatabase(admin);
    console.log(
      `${os.cpus()[0]?.model}, ${os.availableParallelism()} cores; ${fixture.otherBookings} other bookings\n`,
    );

    const bench: Bench = { urls, fixture, admin, connect: () => connect() };
    const lines: Line[] = [];
    for (const row of rows) lines.push(line(row, await row.measure(bench)));
    print(lines);
    return lines.every(({ ok }) => ok === "yes") ? 0 : 1;
  } finally {
    await Promise.all(connections.map((client) => client.end()));
    await server.stop();
  }
}

async function readRows(words: string[]): Promise<Row[]> {
  const files = readdirSync(new URL("rows/", import.meta.url))
    .filter((name) => name.endsWith(".ts"))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
  const modules = await Promise.all(
    files.map((name) => import(new URL(`rows/${name}`, import.meta.url).href)),
  );
  return modules.map((module) => module.default as Row);
}

type Line = { claim: string; measured: string; against: string; ratio: string; goal: string; ok: string };

function line({ claim, unit, goal }: Row, { measured, against, conditions = {} }: Measurement): Line {
  const ratio = measured / against.value;
  const reached =
    "atMost" in goal
      ? measured <= goal.atMost
      : "atLeast" in goal
        ? measured >= goal.atLeast
        : ratio >= goal.ratioAtLeast;
  const broken = Object.entries(conditions).flatMap(([name, holds]) => (holds ? [] : [`not: ${name}`]));
  return {
    claim,
    measured: figure(measured, unit),
    against: `${figure(against.value, unit)} ${against.what}`,
    ratio: ratio.toFixed(2),
    goal:
      "atMost" in goal
        ? `≤ ${goal.atMost} ${unit}`
        : "atLeast" in goal
          ? `≥ ${goal.atLeast} ${unit}`
          : `ratio ≥ ${goal.ratioAtLeast}`,
    ok: reached && broken.length === 0 ? "yes" : ["NO", ...broken].join(", "),
  };
}

function figure(value: number, unit: string): string {
  return `${value.toFixed(unit === "ms" && value < 100 ? 2 : 0)} ${unit}`;
}

/** One table; the last column is free to be long. */
function print(lines: Line[]): void {
  const names = {
    claim: "claim",
    measured: "measured",
    against: "floor or peer",
    ratio: "ratio",
    goal: "goal",
    ok: "ok",
  };
  const columns = Object.keys(names) as (keyof Line)[];
  const width = (column: keyof Line) => Math.max(...[names, ...lines].map((row) => row[column].length));
  for (const row of [names, ...lines]) {
    console.log(
      columns
        .map((column) => row[column].padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    );
  }
}

await runProgram(() => run(process.argv.slice(2)));
