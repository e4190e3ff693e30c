import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "a removal and a move commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.patient('ana'), tests.patient('matei');
     select tests.specialist('stefan'), tests.calendar('mondays', '{stefan}');
     select tests.appointment('visit', 'ana', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_public.appointments set status = 'cancelled';`,
  );
});
afterEach(() => database.drop());

test("an appointment that is removed while it moves to another patient moves nowhere (FND-34, FND-10)", async () => {
  const remove: Act = {
    as: "flavia",
    sql: "select (app_public.remove_appointment(tests.id('visit'))).deleted_at is not null",
  };
  const move: Act = {
    as: "flavia",
    sql: "select (app_public.move_appointment_to_patient(tests.id('visit'), tests.id('matei'), 'The wrong chart')).id",
  };
  expect(await oneBehindTheOther(database, remove, move)).toEqual({
    first: { value: true },
    second: { code: "RX404", reason: "appointment_not_found" },
    waited: true,
  });
  expect(
    await ask(
      database,
      "select patient_profile_id = tests.id('ana') from app_public.appointments where id = tests.id('visit')",
    ),
  ).toBe(true);
});
