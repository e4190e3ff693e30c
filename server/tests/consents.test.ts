import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patient } from "../../db/tests/at_once.ts";
import { refusalOf, startTestApi, type TestApi, wideRates } from "./support.ts";

// FND-17, CNS-03, CNS-08: what rests on a consent is written before the consent is withdrawn, or not at all; in every order,
// by every way in. `CONSENT_ROUNDS=5000 vitest run …` races as often as one likes.
const ROUNDS = Number(process.env.CONSENT_ROUNDS ?? 200);

/** A mutation that needs consents, as features will write them: asks for each in an order of its own, thinks, and writes. */
const gated = `
set role app_owner;
create table app_private.gated_writes (
  id uuid primary key default uuidv7(),
  patient_id uuid not null,
  purpose text not null,
  written_at timestamptz not null
);
grant select, insert on app_private.gated_writes to app_engine;
reset role;
set role app_engine;
create function app_public.gated_write(patient_id uuid, purposes text[], pause float) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare v_purpose text;
begin
  foreach v_purpose in array purposes loop
    perform app_private.require_consent(
      (select patients.organization_id from app_public.patients where patients.id = gated_write.patient_id), patient_id, v_purpose);
  end loop;
  perform pg_sleep(pause);
  insert into app_private.gated_writes (patient_id, purpose, written_at)
  select gated_write.patient_id, purpose, clock_timestamp() from unnest(purposes) as purpose;
  return true;
end;
$$;
comment on function app_public.gated_write is E'@resultFieldName written\\nWrites.';
grant execute on function app_public.gated_write to app_member, app_worker;
reset role;
grant usage on schema app_public to app_worker;
`;

let api: TestApi;
let rows: pg.Pool;
let workers: pg.Pool;
beforeAll(async () => {
  api = await startTestApi({
    because: "writes and withdrawals commit beside each other",
    probes: gated,
    config: { poolSize: 6, rates: wideRates },
    before: `
      select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.staff('bianca', 'billing');
      select tests.patient('ana')`,
  });
  rows = new pg.Pool({ connectionString: api.authenticatorUrl, max: 4, options: patient });
  workers = new pg.Pool({ connectionString: api.workerUrl, max: 2, options: patient });
});
afterAll(async () => {
  await Promise.all([rows?.end(), workers?.end()]);
  await api?.close();
});

const tokenOf = (name: string) => api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name });

type Outcome = "done" | string;
const settled = (work: Promise<unknown>): Promise<Outcome> =>
  work.then(
    () => "done",
    (error) => error.message,
  );

/** A transaction as the API's role, with the settings of a person; `sql` is what they send. */
async function asPerson(who: string, sql: string, values: unknown[]): Promise<unknown> {
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

async function asWorker(sql: string, values: unknown[]): Promise<unknown> {
  const client = await workers.connect();
  try {
    return await client.query(sql, values);
  } finally {
    client.release();
  }
}

async function byGraphQL(query: string, variables: object): Promise<unknown> {
  const answer = await api.graphql(query, { token: tokenOf("ana"), variables });
  if (answer.body.errors) throw new Error(answer.body.errors[0].extensions.reason);
  return answer.body.data;
}

const purposes = ["telemedicine", "video_recording", "biometric_capture"];
const chance = (n: number) => Math.floor(Math.random() * n);
const shuffled = () => purposes.toSorted(() => Math.random() - 0.5).slice(0, 1 + chance(3));
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test(`nothing is written by a consent after its withdrawal, in ${ROUNDS} rounds`, {
  timeout: 60_000 + ROUNDS * 300,
}, async () => {
  const [{ ana }] = await api.sql("select tests.id('ana at atlas') as ana");
  const write = "select app_public.gated_write($1, $2, $3)";
  const writes = [
    (pause: number) => asPerson("ana", write, [ana, shuffled(), pause]),
    (pause: number) => asPerson("flavia", write, [ana, shuffled(), pause]),
    (pause: number) => asWorker(write, [ana, shuffled(), pause]),
    (pause: number) =>
      byGraphQL("mutation ($input: GatedWriteInput!) { gatedWrite(input: $input) { written } }", {
        input: { patientId: ana, purposes: shuffled(), pause },
      }),
  ];
  const withdrawals = [
    () => asPerson("ana", "select app_public.withdraw_consent($2, $1)", [ana, purposes[chance(3)]]),
    () => asPerson("flavia", "select app_public.withdraw_medical_consents($1)", [ana]),
    () =>
      byGraphQL(
        "mutation ($input: WithdrawMedicalConsentsInput!) { withdrawMedicalConsents(input: $input) { consents { id } } }",
        { input: { patientId: ana } },
      ),
  ];
  const told = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    await api.sql(`select tests.consent('ana', p, clinic => 'atlas') from unnest('{${purposes.join()}}'::text[]) p
        where not exists (select from app_public.consents c where c.purpose_code = p and c.withdrawn_at is null)`);
    const acts = [
      ...Array.from({ length: 3 }, () => writes[chance(writes.length)]),
      ...Array.from({ length: 1 + chance(2) }, () => withdrawals[chance(withdrawals.length)]),
    ].toSorted(() => Math.random() - 0.5);
    const outcomes = await Promise.all(
      acts.map(async (act) => {
        await later(chance(8));
        return settled((act as (pause: number) => Promise<unknown>)(chance(4) / 1000));
      }),
    );
    for (const outcome of outcomes) told.set(outcome, (told.get(outcome) ?? 0) + 1);
  }

  // Each write lies within the time of a consent of its purpose: between a grant and the withdrawal that came after it.
  const [found] = await api.sql(`
      select count(*)::int as written,
             count(*) filter (where not exists (
               select from app_public.consents c
               where c.purpose_code = w.purpose and c.decided_at <= w.written_at
                 and (c.withdrawn_at is null or c.withdrawn_at > w.written_at)))::int as too_late,
             (select count(*)::int from app_public.consents where withdrawn_at is not null) as withdrawn
      from app_private.gated_writes w`);
  expect([...told.keys()].toSorted()).toEqual(["consent_missing", "done"]);
  expect(found.too_late).toBe(0);
  // Both happened often enough to meet.
  expect(found.written).toBeGreaterThan(ROUNDS / 4);
  expect(found.withdrawn).toBeGreaterThan(ROUNDS / 2);
  expect(told.get("consent_missing")).toBeGreaterThan(ROUNDS / 10);
});

test("the paths tell the person and the clinic each answer (FND-31, CNS-09)", async () => {
  const [{ atlas, ana }] = await api.sql(
    "select tests.id('atlas') as atlas, tests.id('ana at atlas') as ana",
  );
  const get = (path: string, who?: string) =>
    api.fetch(path, who ? { headers: { authorization: `Bearer ${tokenOf(who)}` } } : {});
  const theirs = `/v1/organizations/${atlas}/patients/${ana}/consents`;

  const mine = await get("/v1/me/consents", "ana");
  expect(mine.status).toBe(200);
  expect(mine.headers.get("cache-control")).toBe("no-store");
  expect(mine.body.consents).toContainEqual(
    expect.objectContaining({
      purposeCode: "org_terms",
      state: "never_given",
      mustAccept: true,
      legalBasis: "contract",
    }),
  );
  expect(mine.body.trail).toContainEqual(
    expect.objectContaining({ purposeCode: "telemedicine", decision: "granted", source: "form", version: 1 }),
  );
  const staffs = await get(theirs, "flavia");
  expect(staffs.body.trail).toEqual(mine.body.trail);

  const refused = await Promise.all([
    get("/v1/me/consents"),
    get(theirs),
    get(theirs, "bianca"),
    get(theirs, "ana"),
    get(`/v1/organizations/${atlas}/patients/${atlas}/consents`, "flavia"),
    get(`/v1/organizations/${atlas}/patients/none/consents`, "flavia"),
  ]);
  expect(refused.map((answer) => [answer.status, refusalOf(answer).code, refusalOf(answer).reason])).toEqual([
    [401, "UNAUTHENTICATED", "not_signed_in"],
    [401, "UNAUTHENTICATED", "not_signed_in"],
    [403, "FORBIDDEN", "permission_missing"],
    [404, "NOT_FOUND", "not_found"],
    [404, "NOT_FOUND", "patient_not_found"],
    [400, "VALIDATION", "field_invalid"],
  ]);
});
