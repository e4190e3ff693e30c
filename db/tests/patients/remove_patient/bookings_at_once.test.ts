import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

// FND-34, FND-07, FND-10: an appointment is a patient's who is one when it is written. Every verb that puts an
// appointment on a chart holds the patient until it commits, so whoever removes or merges the patient waits.

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ because: "those who book and remove commit beside each other" });
});
afterAll(() => database.drop());

// A clinic of its own for every case; the names are given anew.
let clinic = 0;
beforeEach(async () => {
  clinic += 1;
  await furnish(
    database,
    `select tests.clinic('atlas-${clinic}'), tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
     select tests.specialist('stefan');
     select tests.calendar('mondays', '{stefan}');
     select tests.patient('gabriela munteanu', account => false, email => 'guest@people.test');
     select tests.remember('patient', tests.id('gabriela munteanu at atlas-${clinic}'));
     select tests.patient('another', account => false);
     select tests.remember('another patient', tests.id('another at atlas-${clinic}'));
     select tests.hold('kept', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_private.time_claims set token_hash = sha256('kept token ${clinic}') where id = tests.id('claim of kept');
     select tests.booking_request('request', 'mondays', 'stefan', date_trunc('day', now()) + interval '4 days');
     select tests.appointment('visit', 'another', 'mondays', 'stefan', date_trunc('day', now()) + interval '5 days');`,
  );
});

const patient = "tests.id('patient')";
const profile = "tests.id('gabriela munteanu')";
const remove: Act = {
  as: "adrian",
  sql: `select (app_public.remove_patient(${patient})).deleted_at is not null`,
};
const merge: Act = {
  as: "adrian",
  sql: `select (app_public.merge_patients(tests.id('another patient'), ${patient}, 'The same person')).id is not null`,
};
const onTheChart = "select count(*)::int from app_public.appointments where patient_profile_id =";

const write = (sql: string): Act => ({
  as: "flavia",
  sql: sql.replace("kept token", `kept token ${clinic}`),
});

/** Every verb that puts an appointment on the chart of a patient. */
const verbs: [string, string][] = [
  [
    "book_appointment",
    `select (app_public.book_appointment('kept token', ${profile})).patient_profile_id is not null`,
  ],
  [
    "confirm_booking_request, named",
    `select (app_public.confirm_booking_request(tests.id('request'), ${profile})).patient_profile_id is not null`,
  ],
  [
    "confirm_booking_request, matched",
    "select (app_public.confirm_booking_request(tests.id('request'))).patient_profile_id is not null",
  ],
  [
    "move_appointment_to_patient",
    `select (app_public.move_appointment_to_patient(tests.id('visit'), ${profile}, 'The wrong chart')).patient_profile_id is not null`,
  ],
];

describe.each(verbs)("%s", (name, sql) => {
  test("the patient is removed while it is written: the removal waits and finds the appointment", async () => {
    const outcome = await oneBehindTheOther(database, write(sql), remove);
    expect(outcome).toEqual({
      first: { value: true },
      second: { code: "RX409", reason: "has_future_appointments" },
      waited: true,
    });
    expect(await ask(database, `${onTheChart} ${profile} and deleted_at is null`)).toBe(1);
    expect(
      await ask(database, `select deleted_at from app_public.patients where id = ${patient}`),
    ).toBeNull();
  });

  test("it comes while the patient is being removed: it waits and finds no patient", async () => {
    const outcome = await oneBehindTheOther(database, remove, write(sql));
    expect(outcome).toEqual({
      first: { value: true },
      // Who names nobody finds nobody like the guest, and makes a new patient.
      second: name.endsWith("matched") ? { value: true } : { code: "RX404", reason: "patient_not_found" },
      waited: true,
    });
    expect(await ask(database, `${onTheChart} ${profile}`)).toBe(0);
  });

  test("the patient is merged while it is written: the merge waits and takes the appointment along", async () => {
    const outcome = await oneBehindTheOther(database, write(sql), merge);
    expect(outcome).toEqual({ first: { value: true }, second: { value: true }, waited: true });
    expect(await ask(database, `${onTheChart} ${profile}`)).toBe(0);
    expect(await ask(database, `${onTheChart} tests.id('another')`)).toBe(name.startsWith("move") ? 1 : 2);
  });
});

test("an appointment that moves to another chart while its patient is removed stays, and does not go with the chart", async () => {
  await furnish(
    database,
    `update app_public.appointments set patient_profile_id = ${profile} where id = tests.id('visit')`,
  );
  const outcome = await oneBehindTheOther(
    database,
    write(
      "select (app_public.move_appointment_to_patient(tests.id('visit'), tests.id('another'), 'The wrong chart')).status",
    ),
    remove,
  );
  expect(outcome).toEqual({ first: { value: "booked" }, second: { value: true }, waited: true });
  expect(
    await ask(
      database,
      `${onTheChart} tests.id('another') and deleted_at is null and id = tests.id('visit')`,
    ),
  ).toBe(1);
});
