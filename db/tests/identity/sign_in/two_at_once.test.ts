import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { ask, atOnce, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "first sign-ins of one person commit beside each other" });
});
afterEach(() => database.drop());

const signIn = (subject: string) => ({
  as: "the authenticator",
  sql: `select app_hidden.sign_in('https://issuer', '${subject}', 's', 'ana@people.test', true, 'Ana', 'ro', null)`,
});

test("of two first sign-ins at once the second waits and finds the human that the first made (FND-03)", async () => {
  const { first, second, waited } = await oneBehindTheOther(database, signIn("user_1"), signIn("user_1"));
  expect(waited).toBe(true);
  expect(second).toEqual(first);
  expect(await ask(database, "select count(*)::int from app_public.humans")).toBe(1);
  expect(await ask(database, "select count(*)::int from app_private.identities")).toBe(1);
  expect(await ask(database, "select count(*)::int from app_public.principals where kind = 'human'")).toBe(1);
});

test("ten browsers of one person, on two sign-ins, make one human (FND-03)", async () => {
  const outcomes = await atOnce(
    database,
    Array.from({ length: 10 }, (_, n) => signIn(`user_${n % 2}`)),
  );
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(outcomes[0]).toHaveProperty("value");
  expect(await ask(database, "select count(*)::int from app_public.humans")).toBe(1);
  expect(await ask(database, "select count(*)::int from app_private.identities")).toBe(2);
});
