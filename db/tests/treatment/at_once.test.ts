import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../at_once.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "patients, staff and appointments change one treatment plan and commit beside each other",
  });
  await furnish(
    database,
    `select tests.person('root', superadmin => true), tests.remember('squat', tests.published_exercise('test-squat'));
     select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('oana', 'owner');
     select tests.specialist('stefan', '{"mon": [["00:00", "23:00"]]}'), tests.calendar('massages', '{stefan}');
     select tests.plan('one', 10, assignments => 1);
     select tests.treatment_plan('knee', 2, 2), tests.treatment_plan('hip', 1, 0)`,
  );
});
afterAll(() => database.drop());

/** Somebody new, with one assignment left and a plan under way, whose first session was begun. */
let patients = 0;
let patient = "";
beforeEach(async () => {
  patient = `patient ${++patients}`;
  await furnish(
    database,
    `select set_config('tests.clinic', 'atlas', true);
     select tests.patient('${patient}', 'atlas'), tests.has_plan('${patient}', 'one');
     select tests.treatment_plan('back ${patients}', 2, 2), tests.assigned('${patient}', 'back ${patients}');
     update app_public.patient_sessions set status = 'started', started_at = now() where id = ${session(1)}`,
  );
});

const session = (position: number) => `tests.id('${patient}''s back ${patients} ${position}')`;
const enrolment = () => `tests.id('${patient}''s back ${patients}')`;
const assign = (plan: string): Act => ({
  as: "adrian",
  sql: `select (app_public.assign_treatment_plan(tests.id('${patient} at atlas'), tests.id('${plan}'), current_date + 1)).status`,
});
const completeAtHome = (pain: number): Act => ({
  as: patient,
  sql: `select (app_public.complete_session(${session(1)}, ${pain}, ${pain})).pain_after`,
});
const completeInClinic = (as: string): Act => ({
  as,
  sql: `select (app_public.complete_clinic_session(${session(3)}, 'Was here')).status`,
});
const finish = (appointment: string): Act => ({
  as: "adrian",
  sql: `select (app_public.finish_appointment(tests.id('${appointment}'))).status`,
});
const told = () =>
  ask<number>(
    database,
    `select count(*)::int from app_private.events where name = 'treatment_plan.session_completed' and subject_id = ${enrolment()}`,
  );
const remaining = () =>
  ask<number>(
    database,
    `select app_public.patient_treatment_plans_clinic_sessions_remaining(p)
     from app_public.patient_treatment_plans p where p.id = ${enrolment()}`,
  );

test("the last assignment, used twice at once: the second waits, and is refused (EXE-03)", async () => {
  expect(await oneBehindTheOther(database, assign("knee"), assign("hip"))).toEqual({
    first: { value: "active" },
    second: { code: "RX402", reason: "nothing_left" },
    waited: true,
  });
});

test("an assignment beside the retirement of its version: it waits, and is refused (TPL-02)", async () => {
  await furnish(
    database,
    `select set_config('tests.clinic', 'atlas', true), tests.treatment_plan('once ${patients}', 1, 0)`,
  );
  const retire: Act = {
    as: "adrian",
    sql: `select (app_public.retire_treatment_plan(tests.id('once ${patients}'), 'No more of it')).status`,
  };
  expect(await oneBehindTheOther(database, retire, assign(`once ${patients}`))).toEqual({
    first: { value: "retired" },
    second: { code: "RX412", reason: "version_not_approved" },
    waited: true,
  });
});

test("a session that is completed twice at once is done once, as it was said first (EXE-02)", async () => {
  expect(await oneBehindTheOther(database, completeAtHome(4), completeAtHome(9))).toEqual({
    first: { value: 4 },
    second: { value: 4 },
    waited: true,
  });
  expect(await told()).toBe(1);
});

test("a session in the clinic that two complete at once is used once (EXE-04)", async () => {
  expect(await remaining()).toBe(2);
  expect(await oneBehindTheOther(database, completeInClinic("adrian"), completeInClinic("oana"))).toEqual({
    first: { value: "completed" },
    second: { value: "completed" },
    waited: true,
  });
  expect(await remaining()).toBe(1);
  expect(await told()).toBe(1);
});

test("a session that its appointment and somebody complete at once is used once, whoever comes first (EXE-04)", async () => {
  for (const appointmentFirst of [true, false]) {
    const position = appointmentFirst ? 3 : 4;
    const visit = `${patient}'s visit ${position}`.replace("'", "''");
    await furnish(
      database,
      `select tests.appointment('${visit}', '${patient}', 'massages', 'stefan', date_trunc('hour', now()) - make_interval(hours => ${patients * 4 + position}));
       update app_public.patient_sessions set appointment_id = tests.id('${visit}') where id = ${session(position)};
       update app_public.appointments set status = 'inprogress' where id = tests.id('${visit}')`,
    );
    const byStaff: Act = {
      as: "oana",
      sql: `select (app_public.complete_clinic_session(${session(position)}, 'Was here')).status`,
    };
    const [first, second] = appointmentFirst ? [finish(visit), byStaff] : [byStaff, finish(visit)];
    const outcome = await oneBehindTheOther(database, first, second);
    expect(outcome.waited).toBe(true);
    expect([outcome.first, outcome.second].map((of) => "value" in of && of.value).sort()).toEqual([
      "completed",
      "done",
    ]);
    expect(await remaining()).toBe(4 - position);
    expect(await told()).toBe(position - 2);
  }
});

test("a visit that turns out to be another patient's, while its session is linked to another: that link stays (EXE-04)", async () => {
  const [visit, other] = ["visit", "other visit"].map((name) => `${patient} ${name}`) as [string, string];
  await furnish(
    database,
    `select set_config('tests.clinic', 'atlas', true);
     select tests.patient('somebody else ${patients}', 'atlas');
     select tests.appointment('${visit}', '${patient}', 'massages', 'stefan', date_trunc('hour', now()) + make_interval(hours => ${patients * 4})),
       tests.appointment('${other}', '${patient}', 'massages', 'stefan', date_trunc('hour', now()) + make_interval(hours => ${patients * 4 + 1}));
     update app_public.patient_sessions set appointment_id = tests.id('${visit}') where id = ${session(3)}`,
  );
  const link: Act = {
    as: "adrian",
    sql: `select (app_public.link_session(${session(3)}, tests.id('${other}'))).appointment_id = tests.id('${other}')`,
  };
  const move: Act = {
    as: "adrian",
    sql: `select (app_public.move_appointment_to_patient(tests.id('${visit}'), tests.id('somebody else ${patients}'), 'Wrong chart')).status`,
  };
  expect(await oneBehindTheOther(database, link, move)).toEqual({
    first: { value: true },
    second: { value: "booked" },
    waited: true,
  });
  expect(
    await ask(
      database,
      `select appointment_id = tests.id('${other}') from app_public.patient_sessions where id = ${session(3)}`,
    ),
  ).toBe(true);
});

test("entries of two devices for one exercise at once: one row, with the later of them (EXE-02)", async () => {
  const log = (id: string, sets: number, seconds: number): Act => ({
    as: patient,
    sql: `select (app_public.log_exercise(${session(1)}, 1, md5('${patient}${id}')::uuid,
      (select started_at + interval '${seconds} milliseconds' from app_public.patient_sessions where id = ${session(1)}), ${sets})).entered_sets`,
  });
  const outcomes = await atOnce(database, [log("b", 2, 2), log("a", 1, 1), log("b", 2, 2), log("a", 1, 1)]);
  expect(outcomes.every((outcome) => "value" in outcome)).toBe(true);
  expect(
    await ask(
      database,
      `select array_agg(entered_sets) from app_public.patient_exercise_logs where patient_session_id = ${session(1)}`,
    ),
  ).toEqual([2]);
});

test("two workers tend each plan once (EXE-03)", async () => {
  await furnish(
    database,
    `update app_public.patient_treatment_plans set tended_on = tended_on - 1;
     update app_public.patient_sessions set due_on = due_on - 1 where patient_treatment_plan_id = ${enrolment()}`,
  );
  const tend: Act = { as: "the database", sql: "select app_private.tend_treatment_plans()" };
  const outcomes = await atOnce(database, [tend, tend]);
  const tended = outcomes.reduce(
    (sum, outcome) => sum + ("value" in outcome ? Number(outcome.value) : Number.NaN),
    0,
  );
  expect(tended).toBe(
    await ask(
      database,
      "select count(*)::int from app_public.patient_treatment_plans where status = 'active'",
    ),
  );
});
