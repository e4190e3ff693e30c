// Starts processes: a worker dies inside every kind of action.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Worker } from "../worker.ts";
import { type Clinic, eventually, openClinic, subscribe } from "./database.ts";
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

const said = (title?: string) => {
  const one = { ...(title && { title }), body: "Bună, {{patientName}}!" };
  return { words: { ro: one, en: one } };
};
const told = (key: string) =>
  `select count(*) from app_public.messages where template_key = '${key}' and patient_profile_id = tests.id($1)`;
const rows = (table: string) =>
  `select count(*) from app_public.${table} where patient_profile_id = tests.id($1)`;

/** A config of each action, and the query that counts its effects on the patient of its name. */
const kinds: Record<string, { config: object; effects: string }> = {
  require_form: { config: { templateId: "intake" }, effects: rows("patient_requirements") },
  suggest_form: { config: { templateId: "intake" }, effects: rows("forms") },
  require_consent: { config: { purpose: "telemedicine" }, effects: rows("patient_requirements") },
  send_email: { config: said("Salut"), effects: told("automation_email") },
  send_sms: { config: said(), effects: told("automation_sms") },
  send_whatsapp: { config: said(), effects: told("automation_whatsapp") },
  show_notification: { config: said("Salut"), effects: told("automation_in_app") },
  send_push: { config: said("Salut"), effects: told("automation_push") },
  grant_access: { config: { access: "library_access", reason: "Trial" }, effects: rows("access_grants") },
  block_booking: { config: { reason: "Missed three" }, effects: rows("booking_blocks") },
  book_followup_appointment: {
    config: { calendarId: "mondays", afterDays: 1, withinDays: 30 },
    effects: rows("appointments"),
  },
  update_segment: { config: { segmentId: "list" }, effects: rows("segment_members") },
  send_session_reminder: {
    config: {},
    effects: told("appointment_reminder").replace("count(*)", "count(*) filter (where channel = 'email')"),
  },
  schedule_action: {
    config: {
      action: "grant_access",
      after: { days: 1 },
      config: { access: "library_access", reason: "Trial" },
    },
    effects: `${rows("automation_executions")} and outcome = 'waiting' and reason = 'scheduled'`,
  },
};

test("kill -9 inside each kind of action: another worker does it, once (AUT-02, quality: Faults)", async () => {
  const names = Object.keys(kinds);
  client = new pg.Client({ connectionString: clinic.urls.admin });
  await client.connect();
  await client.query(`
    begin;
    select set_config('tests.clinic', 'atlas', false);
    select tests.staff('adrian', 'admin'), tests.hours('ana', '{"mon": [["08:00", "20:00"]]}');
    with made as (insert into app_public.segments (organization_id, name, kind) values (tests.id('atlas'), 'List', 'list') returning id)
    select tests.remember('list', made.id) from made;
    select tests.form_template('intake', jsonb_build_array(tests.form_item('note', 'long_text')));
    insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
    values (tests.id('atlas'), 'automation_whatsapp', 'ro', 'HX' || repeat('a', 32), '{recipientName}');
    -- Whoever is inside an action waits here, with everything done and nothing committed; or before, for who holds the audit chain.
    create function tests.gate() returns trigger language plpgsql as $gate$
    begin
      perform pg_advisory_xact_lock_shared(4711);
      return new;
    end $gate$;
    grant usage on schema tests to app_engine;
    create trigger _990_gate before update on app_public.automation_executions for each row execute function tests.gate()`);
  for (const [nth, name] of names.entries()) {
    await client.query("select tests.patient($1, birth_date => '1980-01-01'::date + $2::int)", [name, nth]);
  }
  await client.query(`
    update app_public.patient_profiles set phone = '+40722000111' where id in (tests.id('send_sms'), tests.id('send_whatsapp'));
    insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
    values (tests.id('send_whatsapp'), 'care', 'whatsapp', true);
    select tests.appointment('next', 'send_session_reminder', 'mondays', 'ana', '2030-03-04 10:00+02')`);
  for (const [nth, name] of names.entries()) {
    const config = structuredClone(kinds[name]?.config) as Record<string, unknown>;
    for (const key of ["templateId", "calendarId", "segmentId"].filter((one) => one in config)) {
      const { rows: found } = await client.query("select tests.id($1) as id", [config[key]]);
      config[key] = found[0].id;
    }
    await client.query("select tests.act_as('adrian')");
    await client.query(
      `select app_public.create_automation($1, $2, 'patient.profile_completed', $3,
         jsonb_build_object('field', 'profile.birth_date', 'operator', 'is', 'value', '1980-01-01'::date + $4::int))`,
      [await idOf("atlas"), name, JSON.stringify([{ action: name, config }]), nth],
    );
    await client.query("select tests.act_as('the database')");
  }
  await client.query("commit");
  await subscribe(clinic, "send_push", "https://push.test/one");

  async function idOf(name: string) {
    await client.query("select tests.act_as('the database')");
    const { rows: found } = await client.query("select tests.id($1) as id", [name]);
    await client.query("select tests.act_as('adrian')");
    return found[0].id as string;
  }
  const effects = async () =>
    Object.fromEntries(
      await Promise.all(
        names.map(async (name) => {
          const { rows: counted } = await clinic.admin.query(`${kinds[name]?.effects}`, [name]);
          return [name, Number(counted[0].count)] as const;
        }),
      ),
    );
  const onceEach = Object.fromEntries(names.map((name) => [name, 1]));

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
  expect(await effects()).toEqual(onceEach);
});
