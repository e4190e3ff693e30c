// Starts processes: a worker dies inside every kind of action.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Worker } from "../worker.ts";
import { type Clinic, eventually, openClinic } from "./database.ts";
import { startActingWorker } from "./dying_actor.ts";

let clinic: Clinic;
let doomed: ChildProcess | undefined;
let heir: Worker | undefined;
let client: pg.Client;
beforeAll(async () => {
  clinic = await openClinic("a worker dies inside every kind of action");
});
afterEach(async () => {
  doomed?.kill("SIGKILL");
  await client.end();
  await heir?.stop();
});
afterAll(() => clinic.drop());

type Kind = { action: string; birthday: string; config: object; effects: string };

test("kill -9 inside each kind of action: another worker does it, once (AUT-02, quality: Faults)", async () => {
  client = new pg.Client({ connectionString: clinic.urls.admin });
  await client.connect();
  await client.query(`
    begin;
    select set_config('tests.clinic', 'atlas', false);
    select tests.arrange_action_kinds();
    -- Whoever is inside an action waits here, with everything done and nothing committed; or before, for who holds the audit chain.
    create function tests.gate() returns trigger language plpgsql as $gate$
    begin
      perform pg_advisory_xact_lock_shared(4711);
      return new;
    end $gate$;
    grant usage on schema tests to app_engine;
    create trigger _990_gate before update on app_public.automation_executions for each row execute function tests.gate()`);
  const { rows: kinds } = await client.query<Kind>(
    "select action, birthday::text, config, effects from tests.action_kinds()",
  );
  const { rows: catalog } = await client.query("select code as action from app_private.automation_actions");
  const names = kinds.map(({ action }) => action);
  expect(names.toSorted()).toEqual(catalog.map(({ action }) => action).toSorted());
  const { rows: atlas } = await client.query("select tests.id('atlas') as id");
  await client.query("select tests.act_as('adrian')");
  for (const { action, birthday, config } of kinds)
    await client.query("select app_public.create_automation($1, $2, 'patient.profile_completed', $3, $4)", [
      atlas[0].id,
      action,
      JSON.stringify([{ action, config }]),
      { field: "profile.birth_date", operator: "is", value: birthday },
    ]);
  await client.query("select tests.act_as('the database'); commit");

  const effects = async () =>
    Object.fromEntries(
      await Promise.all(
        kinds.map(async ({ action, effects }) => {
          const { rows: counted } = await clinic.admin.query(effects);
          return [action, Number(counted[0].count)] as const;
        }),
      ),
    );
  const onceEach = { ...Object.fromEntries(names.map((name) => [name, 1])), schedule_action: 0 };

  await client.query("select pg_advisory_lock(4711)");
  doomed = fork(new URL("./dying_actor.ts", import.meta.url), [clinic.urls.worker], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(doomed, "message");
  await client.query("begin");
  for (const name of names)
    await client.query("select tests.happens('patient.profile_completed', $1)", [name]);
  await client.query("commit");
  await eventually(async () => {
    const { rows: waiting } = await clinic.admin.query(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%consume_automations%'`,
    );
    return waiting[0].n === names.length;
  }, "the worker to be inside all of them");
  doomed.kill("SIGKILL");
  await once(doomed, "exit");
  await client.query("select pg_advisory_unlock_all()");

  heir = await startActingWorker(clinic.urls.worker);
  await eventually(async () => {
    const { rows: left } = await clinic.admin.query(
      "select from app_private.event_deliveries where consumer = 'automations' and delivered_at is null",
    );
    return left.length === 0;
  }, "the heir to do what was left");
  const { rows: done } = await clinic.admin.query(
    "select action, outcome, reason, details from app_public.automation_executions where outcome = 'failed' or reason = 'retry'",
  );
  expect(done).toEqual([]);
  // What is scheduled waits for its time, once.
  const { rows: waiting } = await clinic.admin.query(
    "select action, reason from app_public.automation_executions where outcome = 'waiting'",
  );
  expect(waiting).toEqual([{ action: "schedule_action", reason: "scheduled" }]);
  expect(await effects()).toEqual(onceEach);
});
