import { afterAll, beforeAll, expect, test } from "vitest";
import settlePatientPlans from "../definitions/settle_patient_plans.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("patients are settled in transactions of their own, of which one fails");
  // Three plans that ended while no worker ran; what time does to one of them fails.
  await clinic.admin.query(`
    begin;
    select tests.clinic('boreal');
    select tests.patient(who, email => who || '@people.test') from unnest('{mara,nicu,oana}'::text[]) who;
    select tests.plan('recovery', sessions => 10, validity_days => 30);
    select tests.has_plan(who, 'recovery') from unnest('{mara,nicu,oana}'::text[]) who;
    set local session_replication_role = replica;
    update app_public.patient_service_plans set starts_at = now() - interval '40 days', valid_until = now() - interval '10 days';
    set local session_replication_role = origin;
    create function tests.fails() returns trigger language plpgsql as $$ begin raise 'nicu cannot be settled'; end $$;
    do $do$ begin
      execute format('create trigger _000_fails before update on app_public.patient_service_plans for each row
        when (old.patient_profile_id = %L) execute function tests.fails()', tests.id('nicu'));
    end $do$;
    commit`);
});
afterAll(() => clinic.drop());

const said: string[] = [];
const run = (abortSignal?: AbortSignal) =>
  settlePatientPlans.run(
    {},
    {
      withPgClient: clinic.withPgClient,
      logger: { info: (line: string) => said.push(line) },
      abortSignal,
    } as never,
    {} as never,
  );
const stillOpen = async () =>
  (
    await clinic.admin.query(
      `select f.email from app_public.patient_service_plans s
       join app_public.patient_profiles f on f.id = s.patient_profile_id where s.ended_at is null order by 1`,
    )
  ).rows.map(({ email }) => email);

test("CAT-06: a worker that leaves settles nobody more", async () => {
  await run(AbortSignal.abort());
  expect([await stillOpen(), said]).toEqual([
    ["mara@people.test", "nicu@people.test", "oana@people.test"],
    [],
  ]);
});

test("CAT-06: who cannot be settled keeps nobody else from it, and is settled by a later run", async () => {
  await expect(run()).rejects.toThrow("1 plans of patients stay due");
  expect(await stillOpen()).toEqual(["nicu@people.test"]);

  await clinic.admin.query("drop trigger _000_fails on app_public.patient_service_plans");
  said.length = 0;
  await run();
  expect([await stillOpen(), said]).toEqual([[], ["1 plans of patients were due"]]);
  const { rows } = await clinic.admin.query(
    "select count(*)::int as ended from app_public.patient_service_plans where ended_at = valid_until",
  );
  expect(rows).toEqual([{ ended: 3 }]); // as of its end, however late the worker is

  await run();
  expect(said).toEqual(["1 plans of patients were due"]);
});

test("CAT-06: however many plans of one patient fail, others are settled in the same run", async () => {
  await clinic.admin.query(`
    begin;
    set local session_replication_role = replica;
    insert into app_public.patient_service_plans
    select (jsonb_populate_record(plans, jsonb_build_object('id', uuidv7(), 'ended_at', null, 'valid_until', now() - interval '9 days'))).*
    from app_public.patient_service_plans as plans, generate_series(1, 600)
    where plans.patient_profile_id = tests.id('nicu');
    update app_public.patient_service_plans set ended_at = null, valid_until = now() - interval '1 day'
    where patient_profile_id = tests.id('mara');
    set local session_replication_role = origin;
    do $do$ begin
      execute format('create trigger _000_fails before update on app_public.patient_service_plans for each row
        when (old.patient_profile_id = %L) execute function tests.fails()', tests.id('nicu'));
    end $do$;
    commit`);
  await expect(run()).rejects.toThrow("1 plans of patients stay due");
  expect(new Set(await stillOpen())).toEqual(new Set(["nicu@people.test"]));
});
