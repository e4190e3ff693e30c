import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseFault, KillableDatabase } from "../database.ts";
import { Person } from "./acts.ts";
import { Books } from "./books.ts";
import { openClinic } from "./clinic.ts";
import { Line } from "./line.ts";
import { violations } from "./violations.ts";

export type StormReport = {
  attempts: number;
  seconds: number;
  /** How often each verb ended in what. */
  tally: Map<string, number>;
  faults: Record<DatabaseFault, number>;
  violations: string[];
  /** The same look once more, at what is stored by then. */
  look(): Promise<string[]>;
  books: Books;
};

/** A fault after so many attempts of everybody together. */
export type Faults = Record<DatabaseFault, number>;

/**
 * Many clients who hold, book, move and cancel the same few times, while connections are cut and the server is killed and comes
 * back; then quiet, and a look at what holds (SCH-02, SCH-06, SCH-11, APT-02, CAT-04, FND-28).
 */
export async function storm(
  database: KillableDatabase,
  {
    attempts,
    days,
    clients = 12,
    every,
  }: { attempts: number; days: number; clients?: number; every: Faults },
  tell: (attempts: number, seconds: number) => void = () => {},
): Promise<StormReport> {
  const clinic = await openClinic(database);
  const books = new Books();
  const lines = Array.from({ length: clients }, () => new Line(database.urls.authenticator));
  const people = lines.map((line) => new Person(line, clinic, books, days));
  const made = () => people.reduce((sum, person) => sum + person.attempts, 0);
  const faults: Faults = { connection: 0, backend: 0, postmaster: 0 };
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  const failures: string[] = [];

  const everybody = people.map(async (person) => {
    while (made() < attempts) {
      await person.act().catch((error: Error) => failures.push(`a client broke off: ${error.message}`));
      if (failures.length > 20) return;
    }
  });
  const faulty = (async () => {
    for (let told = 0; made() < attempts && failures.length <= 20; await sleep(20)) {
      for (const fault of ["connection", "backend", "postmaster"] as const) {
        if (made() < (faults[fault] + 1) * every[fault]) continue;
        faults[fault] += 1;
        await database.kill[fault]();
      }
      if (made() - told >= 5_000) {
        told = made();
        tell(told, seconds());
      }
    }
  })();
  await Promise.all([...everybody, faulty]);
  const took = seconds();
  await Promise.all(lines.map((line) => line.end()));

  const tally = new Map<string, number>();
  for (const person of people)
    for (const [what, count] of person.tally) tally.set(what, (tally.get(what) ?? 0) + count);
  const look = () => violations(database, clinic, books);
  return {
    look,
    books,
    attempts: made(),
    seconds: took,
    tally,
    faults,
    violations: [...failures, ...raw(tally), ...(await look())],
  };
}

/** Answers that are none of ours: a circle of locks, a constraint, a limit of time. */
function raw(tally: Map<string, number>): string[] {
  return [...tally]
    .filter(([what]) => !/: (?:done|lost|RX\w{3} \w+)$/.test(what))
    .map(([what, count]) => `a raw error was answered, ${count} times: ${what}`);
}
