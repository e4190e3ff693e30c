import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "two owners who leave at once commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('nora', 'owner');
     select tests.remember(name || '''s place', tests.membership_id(name)) from unnest('{olga,nora}'::text[]) name;
     select tests.remember('owner', tests.role_id('owner'));`,
  );
});
afterEach(() => database.drop());

const leave = (name: string, by = name): Act => ({
  as: by,
  sql: `select (app_public.end_membership(tests.id('${name}''s place'))).id`,
});
const demote = (name: string, by: string): Act => ({
  as: by,
  sql: `select (app_public.revoke_role(tests.id('${name}''s place'), tests.id('owner'))).id`,
});
const owners = () =>
  ask(
    database,
    `select count(*)::int from app_public.memberships m join app_public.membership_roles mr on mr.membership_id = m.id
     where m.ended_at is null and mr.role_id = tests.id('owner')`,
  );
const lastOwner = { code: "RX412", reason: "last_owner" };

const pairs: [name: string, first: Act, second: Act][] = [
  ["two owners leave", leave("olga"), leave("nora")],
  ["two owners let each other go", leave("olga", "nora"), leave("nora", "olga")],
  ["one owner leaves, the other gives up the role", leave("olga"), demote("nora", "nora")],
  ["two owners demote each other", demote("olga", "nora"), demote("nora", "olga")],
];

test.each(pairs)("%s at once: the second waits and stays (FND-04)", async (_name, first, second) => {
  const outcome = await oneBehindTheOther(database, first, second);
  expect(outcome.waited).toBe(true);
  expect(outcome.first).toHaveProperty("value");
  // Whoever was let go or demoted meanwhile no longer counts as an owner, and is told so by the last owner's rule.
  expect(outcome.second).toEqual(lastOwner);
  expect(await owners()).toBe(1);
});

test("an owner who leaves holds nobody up who books or joins (FND-04)", async () => {
  await furnish(
    database,
    `select set_config('tests.clinic', 'atlas', true); select tests.staff('adrian', 'admin')`,
  );
  const outcome = await oneBehindTheOther(database, leave("olga"), {
    as: "adrian",
    sql: "select (app_public.create_patient(tests.id('atlas'), 'Ana', 'Pop')).id is not null",
  });
  expect(outcome.waited).toBe(false);
  expect(outcome.second).toEqual({ value: true });
});

test("ten times both owners leave at the same moment: always one stays (FND-04)", async () => {
  for (let round = 0; round < 10; round++) {
    const outcomes = await atOnce(database, [leave("olga"), leave("nora")]);
    expect(outcomes).toContainEqual(lastOwner);
    expect(await owners()).toBe(1);
    await furnish(database, "update app_public.memberships set ended_at = null");
  }
});
