import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patient } from "../../db/tests/at_once.ts";
import { startTestApi, type TestApi, wideRates } from "./support.ts";

// APT-06, CNS-08, FND-17: whatever books, moves to another calendar or confirms does so before the consent is withdrawn or the
// patient is blocked, or not at all, by every verb and in every order, and nobody waits for each other.
// `READINESS_ROUNDS=500 vitest run …` races longer. A round costs the same however many came before it.
const ROUNDS = Number(process.env.READINESS_ROUNDS ?? 25);

/** When a booking or a confirmation of somebody, and a block, was written; what the furnishing writes is not looked at. */
const watching = `
set role app_owner;
create table app_private.gated_moves (
  patient_profile_id uuid not null,
  status text not null,
  written_at timestamptz not null
);
create table app_private.watched_blocks (
  booking_block_id uuid not null,
  patient_profile_id uuid not null,
  stands boolean not null,
  written_at timestamptz not null
);
grant select, insert on app_private.gated_moves, app_private.watched_blocks to app_engine;
create function app_private.tg_watch() returns trigger language plpgsql set search_path = '' as $$
begin
  if coalesce(current_setting('app.principal_id', true), '') <> '' then
    insert into app_private.gated_moves values (new.patient_profile_id, new.status, clock_timestamp());
  end if;
  return null;
end;
$$;
create function app_private.tg_watch_block() returns trigger language plpgsql set search_path = '' as $$
begin
  insert into app_private.watched_blocks
  values (new.id, new.patient_profile_id, new.decision is distinct from 'lifted', clock_timestamp());
  return null;
end;
$$;
create trigger _950_watch after insert or update of status, calendar_id on app_public.appointments
  for each row when (new.status in ('booked', 'confirmed')) execute function app_private.tg_watch();
create trigger _950_watch after insert or update on app_public.booking_blocks
  for each row execute function app_private.tg_watch_block();
reset role;
`;

let api: TestApi;
let rows: pg.Pool;
beforeAll(async () => {
  api = await startTestApi({
    because: "bookings and withdrawals commit beside each other",
    probes: watching,
    config: { poolSize: 6, rates: wideRates },
    before: `
      select tests.clinic('atlas'), tests.staff('flavia', 'front_desk');
      select tests.specialist(name, (select jsonb_object_agg(d, '[["00:00", "24:00"]]'::jsonb)
        from unnest('{mon,tue,wed,thu,fri,sat,sun}'::text[]) d), account => true) from unnest('{stefan,carla}'::text[]) as name;
      select tests.calendar('screens', '{stefan}', horizon_days => 365, modality => 'video');
      select tests.calendar(name, '{stefan,carla}', service => 'service of screens', horizon_days => 365, modality => 'video')
        from unnest('{others,courses}'::text[]) as name;
      select tests.form_template('remote', jsonb_build_array(tests.form_item('read', 'boolean')), signature_mode => 'click_typed');
      select tests.declares('remote', 'telemedicine');
      insert into app_public.service_forms (organization_id, service_id, template_id)
      values (tests.id('atlas'), tests.id('service of screens'), tests.id('remote'))`,
  });
  rows = new pg.Pool({ connectionString: api.authenticatorUrl, max: 6, options: patient });
});
afterAll(async () => {
  await rows?.end();
  await api?.close();
});

const settled = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error) => error.message,
  );

/** A transaction as the API's role, with the settings of a person. */
async function asPerson(who: string, sql: string, values: unknown[] = []): Promise<unknown> {
  const client = await rows.connect();
  try {
    await client.query("begin");
    await client.query("select tests.act_as($1::text)", [who]);
    const { rows: answer } = await client.query(sql, values);
    await client.query("commit");
    return answer;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

async function byGraphQL(who: string, query: string, input: object): Promise<unknown> {
  const token = api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who });
  const answer = await api.graphql(query, { token, variables: { input } });
  if (answer.body.errors) throw new Error(answer.body.errors[0].extensions.reason);
  return answer.body.data;
}

const chance = (n: number) => Math.floor(Math.random() * n);
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What each round is about: somebody of whom little is known yet, so that a round asks no more than the one before. */
type Patient = { name: string; profileId: string; id: string };

async function newPatient(n: number): Promise<Patient> {
  const name = `ana${n}`;
  await api.sql("select tests.patient($1, 'atlas')", [name]);
  const [ids] = await api.sql(`select tests.id($1) as "profileId", tests.id($1 || ' at atlas') as id`, [
    name,
  ]);
  return { name, ...ids };
}

const hour = 3_600_000;
const first = Math.ceil(Date.now() / hour) * hour + 2 * 24 * hour;
let slot = 0;
let course = 0;
const nextStart = () => new Date(first + slot++ * hour).toISOString();
/** Two sessions, a week between them. */
const nextCourse = () =>
  new Date(first + ((course % 168) + Math.floor(course++ / 168) * 336) * hour).toISOString();

type Act = () => Promise<unknown>;

async function visit({ name }: Patient): Promise<string> {
  await api.sql("select tests.appointment($1, $2, 'screens', 'stefan', $3)", [
    `visit ${slot}`,
    name,
    nextStart(),
  ]);
  const [{ id }] = await api.sql("select tests.id($1) as id", [`visit ${slot - 1}`]);
  return id;
}

/** Each of them brings what it needs, and answers with the act. */
const acts: ((patient: Patient) => Promise<Act>)[] = [
  async ({ profileId }) => {
    const at = nextStart();
    return () =>
      asPerson("flavia", "select app_public.book_directly(tests.id('screens'), $1, $2)", [at, profileId]);
  },
  async ({ profileId }) => {
    const at = nextCourse();
    return () =>
      asPerson(
        "flavia",
        "select app_public.book_series(tests.id('courses'), $1, $2, 2, 1, tests.id('carla'))",
        [at, profileId],
      );
  },
  async ({ name, profileId }) => {
    const [{ token }] = await api.sql(
      `with hold as materialized (select tests.hold($1, 'screens', 'stefan', $2)) select tests.token($1) as token from hold`,
      [`hold_${slot}`, nextStart()],
    );
    return () => asPerson(name, "select app_public.book_appointment($1, $2)", [token, profileId]);
  },
  async ({ profileId }) => {
    const name = `request ${slot}`;
    await api.sql("select tests.booking_request($1, 'screens', 'stefan', $2)", [name, nextStart()]);
    return () =>
      asPerson("flavia", "select app_public.confirm_booking_request(tests.id($1), $2)", [name, profileId]);
  },
  async (patient) => {
    const id = await visit(patient);
    const at = nextStart();
    return () =>
      asPerson(
        "flavia",
        "select app_public.reschedule_appointment($1, $2, tests.id('others'), tests.id('stefan'))",
        [id, at],
      );
  },
  async (patient) => {
    const id = await visit(patient);
    await asPerson("flavia", "select app_public.cancel_appointment($1)", [id]);
    return () => asPerson("flavia", "select app_public.reinstate_appointment($1)", [id]);
  },
  async (patient) => {
    const id = await visit(patient);
    const forms = "id in (select form_id from app_public.appointment_forms where appointment_id = $1)";
    await api.sql(
      `update app_public.forms set status = 'completed', answers = '{"read": true}', completions = 1, completed_at = now()
       where status = 'pending' and ${forms}`,
      [id],
    );
    await api.sql(
      `update app_public.forms set status = 'signed', signed_at = now() where status = 'completed' and ${forms}`,
      [id],
    );
    const input = { appointmentId: id };
    return [
      () => asPerson(patient.name, "select app_public.confirm_appointment($1)", [id]),
      () =>
        byGraphQL(
          patient.name,
          "mutation ($input: ConfirmAppointmentInput!) { confirmAppointment(input: $input) { appointment { id } } }",
          input,
        ),
    ][chance(2)] as Act;
  },
];

/** What whoever comes too late is told. */
const refusals = ["requirements_missing", "booking_blocked"];

/** What closes the gate; of blocks at most one, since a second is told that there is one. */
const withdrawals: ((patient: Patient) => Promise<unknown>)[] = [
  ({ name, id }) => asPerson(name, "select app_public.withdraw_consent('telemedicine', $1)", [id]),
  ({ id }) => asPerson("flavia", "select app_public.withdraw_medical_consents($1)", [id]),
  ({ name, id }) =>
    byGraphQL(
      name,
      "mutation ($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { consents { id } } }",
      { purpose: "telemedicine", patientId: id },
    ),
];
const block = ({ id }: Patient) =>
  asPerson("flavia", "select app_public.block_booking($1, 'Did not come three times')", [id]);

async function openGate({ name, profileId, id }: Patient): Promise<void> {
  await api.sql(
    `select tests.consent($1, 'telemedicine', clinic => 'atlas')
     where not exists (
       select from app_public.consents c where c.patient_profile_id = $2 and c.purpose_code = 'telemedicine' and c.withdrawn_at is null)`,
    [name, profileId],
  );
  await asPerson(
    "flavia",
    `select app_public.lift_booking_block(b.id, 'She called')
     from app_public.patients p join app_public.booking_blocks b using (organization_id, patient_profile_id)
     where p.id = $1 and b.decision is null`,
    [id],
  );
}

test(`nothing is booked or confirmed after its withdrawal or a block, in ${ROUNDS} rounds or more`, {
  timeout: 120_000 + 4 * ROUNDS * 3_000,
}, async () => {
  const told = new Map<string, number>();
  let patient = await newPatient(0);
  // Chance decides which refusal a round meets: it goes on until each was met often enough.
  const isRareYet = () => refusals.some((refusal) => (told.get(refusal) ?? 0) <= ROUNDS / 10);
  for (let round = 0; round < ROUNDS || (isRareYet() && round < 4 * ROUNDS); round++) {
    if (round % 20 === 19) patient = await newPatient(round);
    await openGate(patient);
    const prepared: Act[] = [];
    for (let i = 0; i < 3; i++) prepared.push(await (acts[chance(acts.length)] as (typeof acts)[0])(patient));
    const closing = chance(2)
      ? [block, ...withdrawals.slice(0, chance(2))]
      : [withdrawals[chance(3)] as typeof block];
    for (const close of closing) prepared.push(() => close(patient));
    const outcomes = await Promise.all(
      prepared
        .toSorted(() => Math.random() - 0.5)
        .map(async (act) => {
          await later(chance(12));
          return settled(act());
        }),
    );
    for (const outcome of outcomes) told.set(outcome, (told.get(outcome) ?? 0) + 1);
  }

  // Each lies within the time of a consent: between a grant and the withdrawal that came after it; and in that of no block.
  const [found] = await api.sql(`
      select count(*)::int as written,
             count(*) filter (where not exists (
               select from app_public.consents c
               where c.patient_profile_id = w.patient_profile_id
                 and c.purpose_code = 'telemedicine' and c.decided_at <= w.written_at
                 and (c.withdrawn_at is null or c.withdrawn_at > w.written_at)))::int as too_late,
             count(*) filter (where w.status = 'booked' and (
               select b.stands from app_private.watched_blocks b
               where b.patient_profile_id = w.patient_profile_id and b.written_at < w.written_at
               order by b.written_at desc limit 1))::int as blocked,
             count(distinct w.status)::int as kinds,
             (select count(*)::int from app_public.consents where withdrawn_at is not null) as withdrawn,
             (select count(*)::int from app_private.watched_blocks where stands) as blocks
      from app_private.gated_moves w`);
  expect([...told.keys()].toSorted()).toEqual(["booking_blocked", "done", "requirements_missing"]);
  expect(found.too_late).toBe(0);
  expect(found.blocked).toBe(0);
  // All happened often enough to meet.
  expect(found.kinds).toBe(2);
  expect(found.written).toBeGreaterThan(ROUNDS / 2);
  expect(found.withdrawn).toBeGreaterThan(ROUNDS / 4);
  expect(found.blocks).toBeGreaterThan(ROUNDS / 4);
  for (const refusal of refusals) expect(told.get(refusal)).toBeGreaterThan(ROUNDS / 10);
});
