import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patient } from "../../db/tests/at_once.ts";
import { startTestApi, type TestApi, wideRates } from "./support.ts";

// APT-06, CNS-08, FND-17: whatever books or confirms does so before the consent is withdrawn, or not at all, by every verb and in
// every order, and nobody waits for each other. `READINESS_ROUNDS=2000 vitest run …` races as often as one likes.
const ROUNDS = Number(process.env.READINESS_ROUNDS ?? 25);

/** When a booking or a confirmation of somebody was written; what the furnishing writes is not looked at. */
const watching = `
set role app_owner;
create table app_private.gated_moves (
  appointment_id uuid not null,
  status text not null,
  written_at timestamptz not null
);
grant select, insert on app_private.gated_moves to app_engine;
create function app_private.tg_watch() returns trigger language plpgsql set search_path = '' as $$
begin
  if coalesce(current_setting('app.principal_id', true), '') <> '' then
    insert into app_private.gated_moves values (new.id, new.status, clock_timestamp());
  end if;
  return null;
end;
$$;
create trigger _950_watch after insert or update of status on app_public.appointments
  for each row when (new.status in ('booked', 'confirmed')) execute function app_private.tg_watch();
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
      select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.patient('ana');
      select tests.specialist('stefan', (select jsonb_object_agg(d, '[["00:00", "24:00"]]'::jsonb)
        from unnest('{mon,tue,wed,thu,fri,sat,sun}'::text[]) d), account => true);
      select tests.calendar('screens', '{stefan}', horizon_days => 365, modality => 'video');
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

test(`nothing is booked or confirmed after its withdrawal, in ${ROUNDS} rounds`, {
  timeout: 120_000 + ROUNDS * 1000,
}, async () => {
  const [{ ana, patientId, calendar }] = await api.sql(
    `select tests.id('ana') as ana, tests.id('ana at atlas') as "patientId", tests.id('screens') as calendar`,
  );
  let slot = 0;
  const first = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 2 * 24 * 3_600_000;
  const nextStart = () => new Date(first + slot++ * 3_600_000).toISOString();
  /** Each of them brings what it needs, and answers with the act. */
  const acts = [
    async () => {
      const at = nextStart();
      return () => asPerson("flavia", "select app_public.book_directly($1, $2, $3)", [calendar, at, ana]);
    },
    async () => {
      const [{ token }] = await api.sql(
        `with hold as materialized (select tests.hold($1, 'screens', 'stefan', $2)) select tests.token($1) as token from hold`,
        [`hold_${slot}`, nextStart()],
      );
      return () => asPerson("ana", "select app_public.book_appointment($1, $2)", [token, ana]);
    },
    async () => {
      const name = `request ${slot}`;
      await api.sql("select tests.booking_request($1, 'screens', 'stefan', $2)", [name, nextStart()]);
      return () =>
        asPerson("flavia", "select app_public.confirm_booking_request(tests.id($1), $2)", [name, ana]);
    },
    async () => {
      const name = `visit ${slot}`;
      await api.sql("select tests.appointment($1, 'ana', 'screens', 'stefan', $2)", [name, nextStart()]);
      await api.sql(`update app_public.forms set status = 'completed', answers = '{"read": true}', completions = 1, completed_at = now()
        where status = 'pending'`);
      await api.sql(
        "update app_public.forms set status = 'signed', signed_at = now() where status = 'completed'",
      );
      const [{ id }] = await api.sql("select tests.id($1) as id", [name]);
      return [
        () => asPerson("ana", "select app_public.confirm_appointment($1)", [id]),
        () =>
          byGraphQL(
            "ana",
            "mutation ($input: ConfirmAppointmentInput!) { confirmAppointment(input: $input) { appointment { id } } }",
            { appointmentId: id },
          ),
      ][chance(2)] as () => Promise<unknown>;
    },
  ];
  const withdrawals = [
    () => asPerson("ana", "select app_public.withdraw_consent('telemedicine', $1)", [patientId]),
    () => asPerson("flavia", "select app_public.withdraw_medical_consents($1)", [patientId]),
    () =>
      byGraphQL(
        "ana",
        "mutation ($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { consents { id } } }",
        { purpose: "telemedicine", patientId },
      ),
  ];

  const told = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    await api.sql(`select tests.consent('ana', 'telemedicine', clinic => 'atlas')
      where not exists (select from app_public.consents c where c.purpose_code = 'telemedicine' and c.withdrawn_at is null)`);
    const prepared: (() => Promise<unknown>)[] = [];
    for (let i = 0; i < 3; i++) prepared.push(await (acts[chance(acts.length)] as (typeof acts)[0])());
    for (let i = 0; i <= chance(2); i++) prepared.push(withdrawals[chance(3)] as () => Promise<unknown>);
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

  // Each lies within the time of a consent: between a grant and the withdrawal that came after it.
  const [found] = await api.sql(`
      select count(*)::int as written,
             count(*) filter (where not exists (
               select from app_public.consents c
               where c.purpose_code = 'telemedicine' and c.decided_at <= w.written_at
                 and (c.withdrawn_at is null or c.withdrawn_at > w.written_at)))::int as too_late,
             count(distinct w.status)::int as kinds,
             (select count(*)::int from app_public.consents where withdrawn_at is not null) as withdrawn
      from app_private.gated_moves w`);
  expect([...told.keys()].toSorted()).toEqual(["done", "requirements_missing"]);
  expect(found.too_late).toBe(0);
  // Both happened often enough to meet.
  expect(found.kinds).toBe(2);
  expect(found.written).toBeGreaterThan(ROUNDS / 2);
  expect(found.withdrawn).toBeGreaterThan(ROUNDS / 2);
  expect(told.get("requirements_missing")).toBeGreaterThan(ROUNDS / 10);
});
