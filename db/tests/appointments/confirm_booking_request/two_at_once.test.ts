import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({
    because: "two staff commit beside each other; each case begins with requests that nobody answered",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
     select tests.specialist('stefan');
     select tests.calendar('mondays', '{stefan}');
     select tests.booking_request('request', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     select tests.booking_request('second request', 'mondays', 'stefan', date_trunc('day', now()) + interval '4 days');`,
  );
});
afterEach(() => database.drop());

const confirm = (by: string, request = "request"): Act => ({
  as: by,
  sql: `select (app_public.confirm_booking_request(tests.id('${request}'))).status`,
});
const count = (table: string) => ask(database, `select count(*)::int from ${table}`);
const answered = { code: "RX412", reason: "illegal_move" };

test("two staff confirm at once: the second waits, is told, and there is one appointment (APT-09)", async () => {
  const outcome = await oneBehindTheOther(database, confirm("flavia"), confirm("adrian"));
  expect(outcome).toEqual({ first: { value: "booked" }, second: answered, waited: true });
  expect(await count("app_public.appointments")).toBe(1);
  expect(await count("app_public.patients")).toBe(1);
  expect(await count("app_private.events where name = 'booking_request.confirmed'")).toBe(1);
  expect(await count("app_private.events where name = 'appointment.booked'")).toBe(1);
});

test("one confirms while another rejects: the second is told, and the time is the appointment's (APT-09)", async () => {
  const outcome = await oneBehindTheOther(database, confirm("flavia"), {
    as: "adrian",
    sql: "select (app_public.reject_booking_request(tests.id('request'))).status",
  });
  expect(outcome).toEqual({ first: { value: "booked" }, second: answered, waited: true });
  expect(await count("app_private.time_claims where released_at is null")).toBe(2);
});

test("two requests of one new person confirmed at once make one patient (APT-09, FND-07)", async () => {
  const outcome = await oneBehindTheOther(database, confirm("flavia"), confirm("adrian", "second request"));
  expect(outcome).toEqual({ first: { value: "booked" }, second: { value: "booked" }, waited: true });
  expect(await count("app_public.patients")).toBe(1);
  expect(await count("app_private.events where name = 'patient.onboarded'")).toBe(1);
  expect(
    await ask(database, "select count(distinct patient_profile_id)::int from app_public.appointments"),
  ).toBe(1);
});

test("ten confirmations at the same moment: one appointment, nine are told (APT-09)", async () => {
  const outcomes = await atOnce(
    database,
    Array.from({ length: 10 }, (_, n) => confirm(n % 2 ? "flavia" : "adrian")),
  );
  expect(outcomes.filter((outcome) => "value" in outcome)).toEqual([{ value: "booked" }]);
  expect(outcomes.filter((outcome) => "code" in outcome)).toEqual(Array.from({ length: 9 }, () => answered));
  expect(await count("app_public.appointments")).toBe(1);
});
