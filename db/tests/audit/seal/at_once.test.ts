import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { ask, furnish } from "../../at_once.ts";

const writers = 25;
const clinics = 5;

let database: TestDatabase;
let clients: pg.Client[];
beforeEach(async () => {
  database = await createTestDatabase({
    because: "twenty-five writers commit beside each other, and every chain is verified whole",
  });
  // Every writer has a service of their own at every clinic: rows are nobody's to wait for, chains are everybody's.
  await furnish(
    database,
    Array.from(
      { length: clinics },
      (_, n) =>
        `select tests.clinic('clinic-${n}'), tests.staff('admin ${n}', 'admin');
         insert into app_public.services (organization_id, name, duration_minutes, price_amount, currency)
         select tests.id('clinic-${n}'), 'Kinetoterapie ' || w, 50, 15000, 'RON' from generate_series(0, ${writers - 1}) as w;`,
    ).join("\n"),
  );
  clients = await Promise.all(
    Array.from({ length: writers }, async () => {
      const client = new pg.Client(database.urls.admin);
      await client.connect();
      return client;
    }),
  );
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await database.drop();
});

const raise = (writer: number, clinic: number) =>
  `update app_public.services set price_amount = price_amount + 1
   where organization_id = tests.id('clinic-${clinic}') and name = 'Kinetoterapie ${writer}'`;

/** Every writer repeats its transaction; answers with what went wrong, and how many came through in a second. */
async function all(
  transactions: number,
  statements: (writer: number, n: number) => string[],
): Promise<{ errors: string[]; perSecond: number }> {
  const errors: string[] = [];
  const began = performance.now();
  await Promise.all(
    clients.map(async (client, writer) => {
      for (let n = 0; n < transactions; n++) {
        try {
          for (const statement of ["begin", ...statements(writer, n)]) await client.query(statement);
          await client.query("commit");
        } catch (error) {
          await client.query("rollback");
          errors.push(`${(error as pg.DatabaseError).code} ${(error as Error).message}`);
        }
      }
    }),
  );
  return { errors, perSecond: (writers * transactions) / ((performance.now() - began) / 1000) };
}

const findings = () =>
  ask<string[]>(
    database,
    "select coalesce(array_agg(v.finding), '{}') from audit.chains() c cross join audit.verify(c) v where v.finding is not null",
  );
const count = (what: string) => ask(database, `select count(*)::int from ${what}`);

describe("25 writers at once: every chain is whole, and nobody deadlocks (FND-09)", () => {
  test("each at one of the clinics", async () => {
    const before = await count("audit.seals");
    const { errors, perSecond } = await all(40, (writer) => [raise(writer, writer % clinics)]);
    console.log(`${writers} writers over ${clinics} chains: ${Math.round(perSecond)} audited writes/s`);
    expect(errors).toEqual([]);
    expect(await findings()).toEqual([]);
    expect(await count("audit.seals")).toBe(Number(before) + writers * 40);
  });

  test("all at one clinic: its chain is one after the other", async () => {
    const { errors, perSecond } = await all(20, (writer) => [raise(writer, 0)]);
    console.log(`${writers} writers on one chain: ${Math.round(perSecond)} audited writes/s`);
    expect(errors).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test("all over several clinics, in every order", async () => {
    const { errors } = await all(20, (writer, n) => {
      const order = Array.from({ length: clinics }, (_, k) => ((k + 1) * (1 + ((writer + n) % 4))) % clinics);
      return [...new Set(order)].map((clinic) => raise(writer, clinic));
    });
    expect(errors).toEqual([]);
    expect(await findings()).toEqual([]);
    // Each transaction leaves one seal in each chain it touched, whatever the number of its entries.
    expect(
      await ask(
        database,
        `select count(*)::int from (
           select from audit.entries group by seal_id having count(distinct organization_id) > 1) as mixed`,
      ),
    ).toBe(0);
  });

  test("with savepoints, rollbacks and constraints checked early", async () => {
    const before = Number(await count("audit.entries where action = 'update'"));
    const transactions = 12;
    const { errors } = await all(transactions, (writer, n) => {
      const clinic = writer % clinics;
      const write = raise(writer, clinic);
      return (
        [
          [write, "savepoint s", write, "rollback to s", write], // two stay
          ["savepoint s", write, "release s", "savepoint t", write, "rollback to t"], // one
          [write, "set constraints all immediate", write, write], // three, in three seals
          [write, "savepoint s", "set constraints all immediate", write, "rollback to s", write], // two
          ["savepoint s", write, write, "rollback to s"], // none
          [write, write, "rollback", "begin"], // none
        ][n % 6] ?? []
      );
    });
    expect(errors).toEqual([]);
    expect(await findings()).toEqual([]);
    expect(Number(await count("audit.entries where action = 'update'")) - before).toBe(
      writers * (transactions / 6) * (2 + 1 + 3 + 2),
    );
  });

  test("a writer whose connection is cut in mid-transaction leaves nothing, and nobody waits for it", async () => {
    const [cut, other] = clients as [pg.Client, pg.Client];
    const before = await count("audit.entries");
    cut.on("error", () => {}); // it will be told twice
    const ended = new Promise((resolve) => cut.once("end", resolve));
    await cut.query("begin");
    await cut.query(raise(0, 0));
    await cut.query("set constraints all immediate"); // sealed, and the head is locked
    const { rows } = await cut.query("select pg_backend_pid() as pid");
    await other.query("begin");
    await other.query(raise(1, 0));
    const waiting = other.query("commit");
    await ask(database, `select pg_terminate_backend(${rows[0].pid})`);
    await Promise.all([waiting, ended]);
    expect(await findings()).toEqual([]);
    expect(await count("audit.entries")).toBe(Number(before) + 1);
    clients.shift();
  });

  test("ten thousand rows in one transaction are one seal", async () => {
    const [client] = clients as [pg.Client];
    await client.query("begin");
    await client.query(
      `insert into app_public.specialties (organization_id, slug, name)
       select tests.id('clinic-1'), 'own-' || n, 'Metoda ' || n from generate_series(1, 10000) as n`,
    );
    const began = performance.now();
    await client.query("commit");
    console.log(`10,000 entries sealed in ${Math.round(performance.now() - began)} ms`);
    expect(await findings()).toEqual([]);
    expect(
      await ask(database, "select max(entries) from audit.seals where scope_id = tests.id('clinic-1')"),
    ).toBe(10_000);
  });
});
