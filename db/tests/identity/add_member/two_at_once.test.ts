import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../bin/testing.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await furnish(
    database,
    `select tests.clinic('boreal'), tests.staff('otto', 'owner'), tests.remember('billing at boreal', tests.role_id('billing'));
     select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.remember('billing at atlas', tests.role_id('billing'));`,
  );
});
afterEach(() => database.drop());

const add = (by: string, clinic: string): Act => ({
  as: by,
  sql: `select (app_public.add_member(tests.id('${clinic}'), 'nora@people.test', 'Nora', array[tests.id('billing at ${clinic}')])).human_id`,
});

test("two clinics that name one new person at once name one human (FND-02, FND-04)", async () => {
  const outcome = await oneBehindTheOther(database, add("olga", "atlas"), add("otto", "boreal"));
  expect(outcome.waited).toBe(true);
  expect(outcome.first).toHaveProperty("value");
  expect(outcome.second).toEqual(outcome.first);
  expect(
    await ask(database, "select count(*)::int from app_public.humans where email = 'nora@people.test'"),
  ).toBe(1);
});

test("one clinic that adds one person twice at once has one member and one refusal (FND-04)", async () => {
  const outcome = await oneBehindTheOther(database, add("olga", "atlas"), add("olga", "atlas"));
  expect(outcome.second).toEqual({ code: "RX409", reason: "already_a_member" });
  expect(await ask(database, "select count(*)::int from app_public.memberships")).toBe(3);
});
