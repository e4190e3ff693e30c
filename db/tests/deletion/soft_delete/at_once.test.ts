import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({
    because: "people who delete and restore the same commit beside each other",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
     select tests.patient('ana'), tests.specialist('stefan'), tests.service('massage'), tests.service('stretching');
     select tests.calendar('mondays', '{stefan}', service => 'massage');
     select tests.hold('kept', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_private.time_claims set token_hash = sha256('the token');`,
  );
});
afterEach(() => database.drop());

const remove = (entity: string, name: string): Act => ({
  as: "adrian",
  sql: `select (app_public.remove_${entity}(tests.id('${name}'))).deleted_at is not null`,
});
const restore = (entity: string, name: string): Act => ({
  as: "adrian",
  sql: `select (app_public.restore_deleted_row('${entity}', tests.id('${name}'))).label`,
});
const request: Act = {
  as: "a visitor",
  sql: "select (app_public.request_booking('the token', 'Gabriela', 'Munteanu', 'g@people.test', '0722123456')).status",
};
const book: Act = {
  as: "ana",
  sql: "select (app_public.book_appointment('the token', tests.id('ana'))).status",
};

test.each([
  ["request keeps the calendar", request, remove("calendar", "mondays"), "requested"],
  ["request keeps the service", request, remove("service", "massage"), "requested"],
  ["booking keeps the calendar", book, remove("calendar", "mondays"), "booked"],
  ["booking keeps the patient", book, remove("patient", "ana at atlas"), "booked"],
])(
  "a %s while it is under way: it is waited for and counted (FND-10)",
  async (_what, act, removal, status) => {
    expect(await oneBehindTheOther(database, act, removal)).toEqual({
      first: { value: status },
      second: { code: "RX409", reason: "has_future_appointments" },
      waited: true,
    });
  },
);

test.each([
  ["request in a calendar", request, remove("calendar", "mondays"), "RX410", "calendar_gone"],
  ["request for a service", request, remove("service", "massage"), "RX410", "calendar_gone"],
  ["booking in a calendar", book, remove("calendar", "mondays"), "RX410", "calendar_gone"],
  ["booking for a patient", book, remove("patient", "ana at atlas"), "RX404", "patient_not_found"],
])(
  "a %s that is being removed is refused, and nothing is written (FND-10, APT-09)",
  async (_what, act, removal, code, reason) => {
    expect(await oneBehindTheOther(database, removal, act)).toEqual({
      first: { value: true },
      second: { code, reason },
      waited: true,
    });
    expect(
      await ask(
        database,
        "select (select count(*) from app_public.booking_requests)::int + (select count(*) from app_public.appointments)::int",
      ),
    ).toBe(0);
  },
);

test("of two who delete the same, one does and the other finds nothing (FND-10)", async () => {
  const removal = remove("service", "massage");
  expect(await oneBehindTheOther(database, removal, removal)).toEqual({
    first: { value: true },
    second: { code: "RX404", reason: "not_found" },
    waited: true,
  });
});

test("of two who restore the same, one does and the other finds nothing (FND-10)", async () => {
  await furnish(database, "update app_public.services set deleted_at = now() where id = tests.id('massage')");
  const restoration = restore("services", "massage");
  expect(await oneBehindTheOther(database, restoration, restoration)).toEqual({
    first: { value: "massage" },
    second: { code: "RX404", reason: "not_found" },
    waited: true,
  });
});

test("a calendar does not come back into a service that goes meanwhile (FND-10)", async () => {
  await furnish(database, "update app_public.calendars set deleted_at = now() - interval '1 day'");
  expect(
    await oneBehindTheOther(database, remove("service", "massage"), restore("calendars", "mondays")),
  ).toEqual({
    first: { value: true },
    second: { code: "RX409", reason: "belongs_to_something_deleted" },
    waited: true,
  });
});

test("services and their calendars deleted and restored by many at once: nobody waits in a circle, nothing is torn (FND-10)", async () => {
  for (let round = 0; round < 8; round++) {
    const outcomes = await atOnce(database, [
      remove("service", "massage"),
      restore("calendars", "mondays"),
      restore("services", "massage"),
      remove("calendar", "mondays"),
    ]);
    const codes = outcomes.flatMap((outcome) => ("code" in outcome ? [outcome.code] : []));
    expect(codes.filter((code) => !["RX404", "RX409"].includes(code))).toEqual([]);
    expect(
      await ask(
        database,
        `select count(*)::int from app_public.calendars
         join app_public.services on services.id = calendars.service_id
         where services.id = tests.id('massage') and services.deleted_at is not null and calendars.deleted_at is null`,
      ),
    ).toBe(0);
  }
});

test("what goes over to another while it is waited for does not go along (FND-10)", async () => {
  expect(
    await oneBehindTheOther(
      database,
      {
        as: "the database",
        sql: "update app_public.calendars set service_id = tests.id('stretching') where id = tests.id('mondays') returning name",
      },
      remove("service", "massage"),
    ),
  ).toEqual({ first: { value: "mondays" }, second: { value: true }, waited: true });
  expect(
    await ask(database, "select deleted_at is null from app_public.calendars where id = tests.id('mondays')"),
  ).toBe(true);
});
