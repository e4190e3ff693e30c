import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

// FND-34: who is one person is decided by one at a time.

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "those who merge, register and answer commit beside each other",
  });
});
afterAll(() => database.drop());

// A clinic of its own for every case; the names are given anew, and so is the address of whoever signs in.
let clinic = 0;
beforeEach(async () => {
  clinic += 1;
  await furnish(
    database,
    `select tests.clinic('atlas-${clinic}'), tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
     select tests.specialist('stefan');
     select tests.calendar('mondays', '{stefan}');
     select tests.patient(n, account => false, email => 'again-${clinic}@people.test') from unnest('{ana pop,ana again,third}'::text[]) n;
     select tests.remember('patient ' || n, tests.id(n || ' at atlas-${clinic}')) from unnest('{ana pop,ana again,third}'::text[]) n;
     update app_public.patient_profiles set email = null where id in (tests.id('ana pop'), tests.id('third'));
     update app_public.patient_profiles set given_name = 'Gabriela', family_name = 'Munteanu' where id = tests.id('ana again');
     select tests.person('gabriela ${clinic}', email => 'again-${clinic}@people.test');
     select tests.appointment('visit ' || n, 'ana again', 'mondays', 'stefan', date_trunc('day', now()) + n * interval '1 day')
     from generate_series(3, 6) n;
     select tests.booking_request('request ' || n, 'mondays', 'stefan', date_trunc('day', now()) + n * interval '1 day', 'again-${clinic}@people.test')
     from generate_series(11, 14) n;`,
  );
});

const merge = (kept: string, duplicate: string): Act => ({
  as: "adrian",
  sql: `select (app_public.merge_patients(tests.id('patient ${kept}'), tests.id('patient ${duplicate}'), 'The same person')).id`,
});
const create = (as: string): Act => ({
  as,
  sql: `select (app_public.create_patient(tests.id('atlas-${clinic}'), 'Ion', 'Ene', 'ion@people.test')).id is not null`,
});
const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
const appointmentsOf = (name: string) =>
  ask(
    database,
    `select count(*)::int from app_public.appointments where patient_profile_id = tests.id('${name}')`,
  );

test("two register one person at once: the second waits and is told of the first (FND-34)", async () => {
  const outcome = await oneBehindTheOther(database, create("flavia"), create("adrian"));
  expect(outcome).toEqual({
    first: { value: true },
    second: { code: "RX409", reason: "person_unclear" },
    waited: true,
  });
  expect(
    await ask(
      database,
      `select count(*)::int from app_public.patients join app_public.patient_profiles on patient_profiles.id = patient_profile_id
       where family_name = 'Ene' and organization_id = tests.id('atlas-${clinic}')`,
    ),
  ).toBe(1);
});

test("two merge the same two, each the other way round: the second finds that it is done", async () => {
  const outcome = await oneBehindTheOther(
    database,
    merge("ana pop", "ana again"),
    merge("ana again", "ana pop"),
  );
  expect(outcome).toEqual({
    first: { value: id },
    second: { code: "RX404", reason: "patient_not_found" },
    waited: true,
  });
  expect(
    await ask(
      database,
      `select count(*)::int from app_public.patients where deleted_at is null and organization_id = tests.id('atlas-${clinic}')`,
    ),
  ).toBe(2);
});

test("a guest is confirmed while their patient is merged away: the record is made nowhere but with a living patient", async () => {
  const outcome = await oneBehindTheOther(database, merge("ana pop", "ana again"), {
    as: "flavia",
    sql: "select (app_public.confirm_booking_request(tests.id('request 11'))).status",
  });
  expect(outcome).toEqual({ first: { value: id }, second: { value: "booked" }, waited: true });
  expect(
    await ask(
      database,
      `select count(*)::int from app_public.appointments
       join app_public.patients using (organization_id, patient_profile_id)
       where patients.deleted_at is not null and appointments.organization_id = tests.id('atlas-${clinic}')`,
    ),
  ).toBe(0);
});

test("the person takes over the profile while it is merged away: they wait, and take over nothing that is no more", async () => {
  const claim: Act = {
    as: `gabriela ${clinic}`,
    sql: "select count(*)::int from app_public.claim_patient_profiles('Gabriela', 'Munteanu')",
  };
  const outcome = await oneBehindTheOther(database, claim, merge("ana pop", "ana again"));
  expect(outcome).toEqual({
    first: { value: 1 },
    second: { code: "RX409", reason: "account_would_be_lost" },
    waited: true,
  });
  expect(await appointmentsOf("ana again")).toBe(4);
});

test("an appointment moves on while the merge is undone: one of them is told, and it is on one chart", async () => {
  await atOnce(database, [merge("ana pop", "ana again")]);
  const outcome = await oneBehindTheOther(
    database,
    {
      as: "flavia",
      sql: "select (app_public.move_appointment_to_patient(tests.id('visit 3'), tests.id('third'), 'The wrong chart')).status",
    },
    {
      as: "adrian",
      sql: "select app_public.undo_patient_merge((select id from app_public.patient_merges order by id desc limit 1), 'Two people')",
    },
  );
  expect(outcome).toEqual({
    first: { value: "booked" },
    second: { code: "RX409", reason: "moved_since" },
    waited: true,
  });
  expect([await appointmentsOf("third"), await appointmentsOf("ana pop")]).toEqual([1, 3]);
});

test("every verb about who is whom at once: nobody deadlocks, and no appointment is lost or with somebody removed", async () => {
  const acts: Act[] = [
    merge("ana pop", "ana again"),
    merge("ana again", "third"),
    merge("third", "ana pop"),
    merge("ana again", "ana pop"),
    {
      as: `gabriela ${clinic}`,
      sql: "select count(*)::int from app_public.claim_patient_profiles('Gabriela', 'Munteanu')",
    },
    create("flavia"),
    create("adrian"),
    ...[11, 12, 13, 14].map((n) => ({
      as: "flavia",
      sql: `select (app_public.confirm_booking_request(tests.id('request ${n}'))).status`,
    })),
    ...[3, 4, 5, 6].flatMap((n) =>
      ["third", "ana pop"].map((to) => ({
        as: "flavia",
        sql: `select (app_public.move_appointment_to_patient(tests.id('visit ${n}'), tests.id('${to}'), 'The wrong chart')).status`,
      })),
    ),
    {
      as: "adrian",
      sql: "select app_public.undo_patient_merge((select id from app_public.patient_merges order by id desc limit 1), 'Two people')",
    },
    { as: "adrian", sql: "select (app_public.remove_patient(tests.id('patient third'))).id" },
  ];
  const outcomes = await atOnce(database, acts);
  expect(outcomes.filter((outcome) => "code" in outcome && !outcome.code.startsWith("RX"))).toEqual([]);
  expect(
    await ask(
      database,
      `select count(*)::int from app_public.appointments
       join app_public.patients using (organization_id, patient_profile_id)
       where patients.deleted_at is null and appointments.deleted_at is null
         and appointments.organization_id = tests.id('atlas-${clinic}')`,
    ),
  ).toBe(4 + outcomes.slice(7, 11).filter((outcome) => "value" in outcome).length);
});
