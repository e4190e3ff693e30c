// Starts processes: a worker dies by kill -9 between the actions of an automation.
import { fork } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import automations from "../consumers/automations.ts";
import runDueAutomations from "../definitions/run_due_automations.ts";
import { drain } from "../drain.ts";
import { type Clinic, eventually, openClinic, transaction } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("automations commit, wait, and are shared by workers");
  await transaction(clinic.admin, (client) => client.query("select tests.toy_actions()"));
});
afterAll(async () => {
  await clinic.drop();
});

const asWorker = () =>
  ({ withPgClient: clinic.withPgClient, abortSignal: new AbortController().signal }) as never;

async function rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await clinic.admin.query<Row>(sql, values)).rows;
}

/** A patient, and an automation of the clinic that begins as somebody's profile is complete. */
async function arrange(name: string, actions: unknown): Promise<void> {
  await transaction(clinic.admin, async (client) => {
    await client.query("update app_public.automation_rules set is_enabled = false");
    await client.query("select tests.patient($1, 'atlas')", [name]);
    await client.query("select tests.automation($1, 'patient.profile_completed', $2, clinic => 'atlas')", [
      `of ${name}`,
      JSON.stringify(actions),
    ]);
  });
}

/** It happens, and answers with the event and its subject. */
async function happens(name: string): Promise<{ id: string; subject: string }> {
  await rows("select tests.happens('patient.profile_completed', $1, clinic => 'atlas')", [name]);
  const [latest] = await rows<{ id: string; subject: string }>(
    "select id, subject_id as subject from app_private.events order by id desc limit 1",
  );
  return latest as { id: string; subject: string };
}

const tell = (subjectId: string) =>
  drain({ automations }, { consumer: "automations", subjectId }, asWorker());
const given = async (name: string) =>
  (
    await rows<{ toy: string }>(
      "select toy from tests.toys_given where patient_id = tests.id($1 || ' at atlas') order by toy",
      [name],
    )
  ).map(({ toy }) => toy);
const toy = (name: string, more = {}) => ({ action: "toy", config: { toy: name }, ...more });

test("AUT-03: a delay is a row: it outlives the worker, and two workers share what is due", async () => {
  await arrange("mara", [
    toy("now"),
    ...Array.from({ length: 12 }, (_, i) => toy(`later ${i + 10}`, { after: { hours: 1 } })),
  ]);
  const event = await happens("mara");
  await tell(event.subject);
  await runDueAutomations.run({}, asWorker(), nowhere);
  expect(await given("mara")).toEqual(["now"]);
  // An hour passes while no worker is there.
  await clinic.admin.query(
    `update app_public.automation_executions set due_at = now() - interval '1 minute' where outcome = 'waiting'`,
  );
  await Promise.all([0, 1].map(() => runDueAutomations.run({}, asWorker(), nowhere)));
  expect(await given("mara")).toEqual([...Array.from({ length: 12 }, (_, i) => `later ${i + 10}`), "now"]);
  expect(
    await rows("select outcome, attempts, count(*)::int from app_public.automation_executions group by 1, 2"),
  ).toEqual([{ outcome: "done", attempts: 1, count: 13 }]);
});

test("AUT-03: kill -9 between two actions leaves neither; the event is told again, and each is done once", async () => {
  await arrange("nicu", [toy("first"), toy("second"), toy("third")]);
  const event = await happens("nicu");
  // The second action stands still, as it waits for a row that somebody has locked.
  const holder = new pg.Client({ connectionString: clinic.urls.admin });
  await holder.connect();
  await clinic.admin.query(`
    create function tests.waits() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(4711); return new; end $$;
    create trigger waits before insert on tests.toys_given
      for each row when (new.toy = 'second') execute function tests.waits()`);
  await holder.query("select pg_advisory_lock(4711)");
  const doomed = fork(new URL("./telling_worker.ts", import.meta.url), [clinic.urls.worker, event.subject], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await eventually(
    async () =>
      (await rows("select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted"))
        .length > 0,
    "the second action to wait",
  );
  doomed.kill("SIGKILL");
  await once(doomed, "exit");
  await holder.query("select pg_advisory_unlock(4711)");
  await holder.end();
  await eventually(
    async () =>
      (
        await rows(
          "select from pg_stat_activity where datname = current_database() and query like '%consume_automations(%' and pid <> pg_backend_pid() and state <> 'idle'",
        )
      ).length === 0,
    "the server to notice",
  );
  expect(await given("nicu")).toEqual([]);
  await tell(event.subject);
  await tell(event.subject);
  expect(await given("nicu")).toEqual(["first", "second", "third"]);
});
