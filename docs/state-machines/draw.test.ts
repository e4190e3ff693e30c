import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { drawnStateMachines, drawStateMachines } from "./draw.ts";

/** A database of its own: one test changes the moves. */
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "moves are changed before the documents are read out of it",
    bare: true,
  });
  client = new pg.Client(database.urls.admin);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe("APT-01: the state machines as documents", () => {
  test("are what the rows say, as they stand in the repository: npm run state-machines", async () => {
    const drawn = await drawStateMachines(client);
    expect(Object.fromEntries(drawnStateMachines())).toEqual(Object.fromEntries(drawn));
  });

  test("show every state that a table can have, and who may move it from where, when", async () => {
    const appointments = (await drawStateMachines(client)).get("appointments.md") ?? "";
    expect(appointments).toMatch(/^# app_public\.appointments\n/);
    for (const line of [
      "  [*] --> booked: patient, staff",
      "  booked --> upcoming: system",
      "  done --> [*]",
      "| (new) | booked | patient |  |  | `appointment.booked` |  |",
      "| inprogress | done | staff | `appointments.conduct` | `starts_at` | `appointment.done` | Patient and specialist were together. |",
      "| booked | inprogress | staff | `appointments.conduct` | `starts_at` less the clinic's `start_lead_minutes` | `appointment.started` | Patient and specialist are together. |",
    ])
      expect(appointments.split("\n")).toContain(line);
    expect(appointments).not.toContain("booked --> [*]");

    const { rows } = await client.query(
      `select c.relname as entity, pg_get_constraintdef(k.oid) as check
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_trigger t on t.tgrelid = c.oid
       where t.tgfoid = 'app_private.tg_guard_state'::regproc and k.conname like '%\\_status\\_is\\_known'`,
    );
    expect(rows.length).toBeGreaterThan(6);
    const drawn = await drawStateMachines(client);
    for (const { entity, check } of rows)
      for (const [, state] of check.matchAll(/'(\w+)'/g))
        expect(drawn.get(`${entity}.md`), `${entity} can be ${state}`).toMatch(
          new RegExp(`^  .* --> ${state}: `, "m"),
        );
  });

  test("are no longer current when a move, its actor or a whole machine is new", async () => {
    await client.query("begin");
    await client.query(
      `insert into app_private.state_transitions (entity, from_state, to_state, actor)
       values ('toys', '', 'new', 'system'), ('toys', 'lost', 'found', 'guest'), ('files', 'rejected', 'deleted', 'guest')`,
    );
    const drawn = await drawStateMachines(client);
    await client.query("rollback");
    const written = drawnStateMachines();
    expect(drawn.get("toys.md")).toContain("  lost --> found: guest\n  new --> [*]\n  found --> [*]");
    expect(drawn.get("README.md")).toContain("| [toys](toys.md) | new, found, lost | 2 |");
    expect(drawn.get("files.md")).not.toBe(written.get("files.md"));
    expect(drawn.get("messages.md")).toBe(written.get("messages.md"));
  });
});
