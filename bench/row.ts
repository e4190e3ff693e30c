import pg from "pg";
import type { RoleUrls } from "../db/migrating/prepare.ts";
import type { Fixture } from "./fixture.ts";

/** What a row has to work with: a filled database, and connections to it. */
export type Bench = {
  urls: RoleUrls;
  fixture: Fixture;
  /** The superuser's connection, for what a peer needs and for looking at the outcome. */
  admin: pg.Client;
  /** Only to show that the row can be measured: everything once, and briefly. Its figures mean nothing. */
  short: boolean;
  /** Appointments of the largest of the clinics that grow. */
  largest: number;
  /** A new connection as the API has it; closed at the end of the run. */
  connect(): Promise<pg.Client>;
};

/** One line of the table: a claim of ours, and what it is held against in the same run. */
export type Row = {
  claim: string;
  unit: "ms" | "/s";
  /** A ratio to what it is held against where it can be: figures alone differ by three from machine to machine. */
  goal: { atMost: number } | { ratioAtLeast: number } | { ratioAtMost: number };
  measure(bench: Bench): Promise<Measurement>;
};

export type Measurement = Figures | { skipped: string };

export type Figures = {
  measured: number;
  /** Another way to do the same (peer), or the least it could cost (floor). */
  against: { what: string; value: number };
  /** What else must be true, beside the figure: each false one is told. */
  conditions?: Record<string, boolean>;
};

/** Whose request it is. */
export type Caller = { principalId?: string; organizationId?: string; visitorId?: string; address?: string };

/** One request as the server makes it: a transaction, a role and who asks. `work` is what is measured. */
export async function asCaller<T>(
  client: pg.Client,
  caller: Caller,
  work: () => Promise<T>,
  end: "commit" | "rollback" = "rollback",
): Promise<T> {
  const settings = {
    role: caller.principalId ? "app_member" : "app_anonymous",
    "app.principal_id": caller.principalId ?? "",
    "app.organization_id": caller.organizationId ?? "",
    "app.visitor_id": caller.visitorId ?? "",
    "app.ip": caller.address ?? "203.0.113.7",
  };
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', ${client.escapeLiteral(value)}, true)`,
  );
  // One message: how many a server sends is its own matter.
  await client.query(`begin; select ${set.join(", ")}`);
  try {
    const result = await work();
    await client.query(end);
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** Rows as the database sends them: what a driver makes of arrays and dates is not what we measure. */
export const asSent = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

/** Milliseconds of each run, after two that warm up. */
export async function time(runs: number, work: (run: number) => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let run = -2; run < runs; run++) {
    const began = performance.now();
    await work(run);
    if (run >= 0) milliseconds.push(performance.now() - began);
  }
  return milliseconds;
}

/** The value that `share` of the values do not exceed: 0.5 is the median. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: number[]): number => quantile(values, 0.5);

/** Time of a call by the API's role with everything around it in place: of the call, not of begin and commit. */
export async function timeCall(
  bench: Bench,
  caller: Caller,
  statement: { text: string; values: unknown[] },
  runs = bench.short ? 1 : 15,
): Promise<{ median: number; rows: number }> {
  const client = await bench.connect();
  let rows = 0;
  const milliseconds: number[] = [];
  for (let run = -3; run < runs; run++) {
    await asCaller(client, caller, async () => {
      const began = performance.now();
      const result = await client.query({ name: "measured", ...statement, types: asSent, rowMode: "array" });
      if (run >= 0) milliseconds.push(performance.now() - began);
      rows = result.rows.length;
    });
  }
  return { median: median(milliseconds), rows };
}

/** Opens a connection that throws nothing away: one prepared statement, one plan. */
export async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
