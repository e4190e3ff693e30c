import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({
    because: "two people who move one appointment commit beside each other",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('flavia', 'front_desk');
     select tests.patient('ana'), tests.specialist('stefan');
     select tests.calendar('mondays', '{stefan}');
     select tests.appointment('visit', 'ana', 'mondays', 'stefan', now() - interval '10 minutes');`,
  );
});
afterEach(() => database.drop());

const move = (by: string, verb: string): Act => ({
  as: by,
  sql: `select (app_public.${verb}(tests.id('visit'))).status`,
});

test.each([
  ["ana", "cancel_appointment", "cancelled", "flavia", "start_appointment"],
  ["flavia", "start_appointment", "inprogress", "ana", "cancel_appointment"],
  ["flavia", "record_no_show", "noshow", "ana", "confirm_appointment"],
  ["ana", "cancel_appointment", "cancelled", "flavia", "cancel_appointment"],
])(
  "%s, %s: %s; at once %s, %s: the first wins, the second finds what it left (APT-01)",
  async (one, verb, status, other, otherVerb) => {
    const outcome = await oneBehindTheOther(database, move(one, verb), move(other, otherVerb));
    expect(outcome).toEqual({
      first: { value: status },
      second: { code: "RX412", reason: "illegal_move" },
      waited: true,
    });
    expect(await ask(database, "select status from app_public.appointments")).toBe(status);
    expect(await ask(database, "select count(*)::int from app_public.appointment_moves")).toBe(2);
    expect(
      await ask(database, "select count(*)::int from app_private.events where name like 'appointment.%'"),
    ).toBe(2);
  },
);

test("moves that follow from each other both happen (APT-01)", async () => {
  const outcome = await oneBehindTheOther(
    database,
    move("ana", "confirm_appointment"),
    move("flavia", "start_appointment"),
  );
  expect(outcome).toEqual({ first: { value: "confirmed" }, second: { value: "inprogress" }, waited: true });
  expect(
    await ask(database, "select array_agg(to_status order by id)::text from app_public.appointment_moves"),
  ).toBe("{booked,confirmed,inprogress}");
});
