import { readdirSync } from "node:fs";
import type pg from "pg";
import type { RoleUrls } from "../db/migrating/prepare.ts";
import { fillDatabase } from "./fixture.ts";
import { LARGEST } from "./growth.ts";
import { type Bench, type Measurement, open, type Row } from "./row.ts";

/** A row of the table, as text; `failed` where there is nothing to show but why. */
export type Line = {
  claim: string;
  measured: string;
  against: string;
  ratio: string;
  goal: string;
  ok: string;
  failed?: boolean;
};

export type NamedRow = { name: string; row: Row };

/** The rows whose file name contains one of the words; all of them without. */
export async function readRows(words: string[]): Promise<NamedRow[]> {
  const files = readdirSync(new URL("rows/", import.meta.url))
    .filter((name) => name.endsWith(".ts"))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
  return Promise.all(
    files.map(async (name) => ({
      name: name.replace(/\.ts$/, ""),
      row: (await import(new URL(`rows/${name}`, import.meta.url).href)).default as Row,
    })),
  );
}

/**
 * A row that is not done by then has failed, on any machine: its connections are ended, and it with them. The first that
 * looks at how clinics grow fills them, which took 22 minutes on a machine with work for ten times its cores.
 */
const LONGEST_ROW_MS = 60 * 60_000;

/**
 * Fills a migrated database that nobody needs any more, and measures row after row. One that fails is a line like
 * the others, and the rest goes on. `short` asks each row for as little as shows that it can be measured at all.
 */
export async function measureRows(
  urls: RoleUrls,
  adminUrl: string,
  rows: NamedRow[],
  {
    short,
    largest = LARGEST,
    longestMs = LONGEST_ROW_MS,
    told = () => {},
    done = () => {},
  }: {
    short: boolean;
    largest?: number;
    longestMs?: number;
    told?: (otherBookings: number) => void;
    /** Called after each row. */
    done?: (line: Line, seconds: number) => void;
  },
): Promise<Line[]> {
  const connections: pg.Client[] = [];
  const connect = async (url = urls.authenticator) => {
    const client = await open(url);
    connections.push(client);
    return client;
  };
  try {
    const admin = await connect(adminUrl);
    const fixture = await fillDatabase(admin, short);
    told(fixture.otherBookings);
    const bench: Bench = { urls, fixture, admin, short, largest, connect: () => connect() };
    const lines: Line[] = [];
    for (const { name, row } of rows) {
      const began = performance.now();
      const measured = await within(longestMs, row.measure(bench), connections).then(
        (measurement) => line(row, measurement),
        (error: Error) => failedLine(name, row, error),
      );
      lines.push(measured);
      done(measured, Math.round((performance.now() - began) / 1_000));
      // What a row that failed left open would be in the way of the next.
      await admin.query("rollback");
      await admin.query("reset all");
    }
    return lines;
  } finally {
    await Promise.all(connections.map((client) => client.end().catch(() => {})));
  }
}

/** What a row measures, unless it takes too long: then its connections end, all but the superuser's, which is the first. */
export async function within<T>(
  milliseconds: number,
  measuring: Promise<T>,
  connections: pg.Client[],
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      for (const client of connections.splice(1)) client.end().catch(() => {});
      reject(new Error(`not done after ${milliseconds / 1_000} s`));
    }, milliseconds);
  });
  measuring.catch(() => {}); // nobody hears it after the time
  return Promise.race([measuring, late]).finally(() => clearTimeout(timer));
}

function failedLine(name: string, row: Row | undefined, error: Error): Line {
  const why = error.message.replace(/\s+/g, " ").slice(0, 200);
  return {
    claim: row?.claim ?? name,
    measured: "-",
    against: "-",
    ratio: "-",
    goal: row ? goalOf(row) : "-",
    ok: `FAILED: ${why}`,
    failed: true,
  };
}

function line(row: Row, measurement: Measurement): Line {
  const { claim, unit, goal } = row;
  if ("skipped" in measurement) {
    const none = { measured: "-", against: "-", ratio: "-" };
    return { claim, ...none, goal: goalOf(row), ok: `skipped: ${measurement.skipped}` };
  }
  const { measured, against, conditions = {} } = measurement;
  const ratio = measured / against.value;
  const reached =
    "atMost" in goal
      ? measured <= goal.atMost
      : "ratioAtMost" in goal
        ? ratio <= goal.ratioAtMost
        : ratio >= goal.ratioAtLeast;
  const broken = Object.entries(conditions).flatMap(([name, holds]) => (holds ? [] : [`not: ${name}`]));
  return {
    claim,
    measured: figure(measured, unit),
    against: `${figure(against.value, unit)} ${against.what}`,
    ratio: ratio.toFixed(2),
    goal: goalOf(row),
    ok: reached && broken.length === 0 ? "yes" : ["NO", ...broken].join(", "),
  };
}

function goalOf({ goal, unit }: Row): string {
  if ("atMost" in goal) return `≤ ${goal.atMost} ${unit}`;
  return "ratioAtMost" in goal ? `ratio ≤ ${goal.ratioAtMost}` : `ratio ≥ ${goal.ratioAtLeast}`;
}

function figure(value: number, unit: string): string {
  return `${value.toFixed(unit === "ms" && value < 100 ? 2 : 0)} ${unit}`;
}

const names = {
  claim: "claim",
  measured: "measured",
  against: "floor or peer",
  ratio: "ratio",
  goal: "goal",
  ok: "ok",
};

/** One table; the last column is free to be long. */
export function tableOf(lines: Line[]): string {
  const columns = Object.keys(names) as (keyof typeof names)[];
  const width = (column: keyof typeof names) =>
    Math.max(...[names, ...lines].map((row) => row[column].length));
  return [names, ...lines]
    .map((row) =>
      columns
        .map((column) => row[column].padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
