import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "events and sign-ins commit beside each other" });
});
afterEach(() => database.drop());

const byProvider = (sql: string) => ({ as: "the authenticator", sql: `select app_hidden.${sql}` });
const moves = (subject: string, email: string) =>
  byProvider(`update_identity('https://tests', '${subject}', now(), '${email}', true, null, null, false)`);
const ends = (subject: string) => byProvider(`end_identity('https://tests', '${subject}')`);
const signsIn = (subject: string, email: string) =>
  byProvider(`sign_in('https://tests', '${subject}', 's', '${email}', true, 'Ana', 'ro', null)`);

test("of ten people who move to one address at once, one has it and nine keep their own (FND-25, FND-03)", async () => {
  await furnish(database, "select tests.person('p' || n) from generate_series(1, 10) as n");
  const outcomes = await atOnce(
    database,
    Array.from({ length: 10 }, (_, n) => moves(`p${n + 1}`, "wanted@people.test")),
  );
  const values = outcomes.map((outcome) => "value" in outcome && outcome.value);
  expect(values.filter((value) => value === "applied")).toHaveLength(1);
  expect(values.filter((value) => value === "email_conflict")).toHaveLength(9);
  expect(await ask(database, "select count(distinct email)::int from app_public.humans")).toBe(10);
});

test("who moves to an address while its owner signs in for the first time waits, and does not get it (FND-25, FND-03)", async () => {
  await furnish(database, "select tests.person('ana')");
  const { second, waited } = await oneBehindTheOther(
    database,
    signsIn("newcomer", "wanted@people.test"),
    moves("ana", "wanted@people.test"),
  );
  expect(waited).toBe(true);
  expect(second).toEqual({ value: "email_conflict" });
});

test("a sign-in that is deleted while it comes in for the first time makes nobody, whoever is first (FND-25, FND-03)", async () => {
  const late = await oneBehindTheOther(database, ends("user_1"), signsIn("user_1", "ana@people.test"));
  expect(late.waited).toBe(true);
  expect(late.second).toMatchObject({ code: "RX401", reason: "account_disabled" });
  expect(await ask(database, "select count(*)::int from app_public.humans")).toBe(0);

  const early = await oneBehindTheOther(database, signsIn("user_2", "ana@people.test"), ends("user_2"));
  expect(early.waited).toBe(true);
  expect(early.second).toEqual({ value: "applied" });
  expect(
    await ask(
      database,
      `select disabled_at is not null from app_public.principals
       join app_private.identities on principal_id = id where subject = 'user_2'`,
    ),
  ).toBe(true);
});

test("the two sign-ins of one account, deleted at once, close it (FND-25, FND-03)", async () => {
  await furnish(
    database,
    `select tests.person('ana');
     insert into app_private.identities (issuer, subject, principal_id) values ('https://tests', 'second', tests.id('ana'))`,
  );
  const { waited } = await oneBehindTheOther(database, ends("ana"), ends("second"));
  expect(waited).toBe(true);
  expect(
    await ask(database, "select count(*)::int from app_public.principals where disabled_at is not null"),
  ).toBe(1);
});

test("who signs up anew while the account closes is somebody new, and who came before keeps it open (FND-25, FND-03)", async () => {
  await furnish(database, "select tests.person('ana'), tests.person('nora')");
  const after = await oneBehindTheOther(database, ends("ana"), signsIn("ana again", "ana@people.test"));
  expect(after.waited).toBe(true);
  expect(after.second).toHaveProperty("value");
  expect(
    await ask(database, "select count(*)::int from app_public.humans where email = 'ana@people.test'"),
  ).toBe(2);

  const before = await oneBehindTheOther(database, signsIn("nora again", "nora@people.test"), ends("nora"));
  expect(before.waited).toBe(true);
  expect(before.second).toEqual({ value: "applied" });
  expect(
    await ask(
      database,
      `select (disabled_at, closed_at) is null from app_public.principals
       join app_public.humans on principal_id = id where email = 'nora@people.test'`,
    ),
  ).toBe(true);
});

test("two who sign up anew with one address at once are one new account (FND-03)", async () => {
  await furnish(database, "select tests.person('ana')");
  await ask(database, "select app_hidden.end_identity('https://tests', 'ana')");
  const { first, second, waited } = await oneBehindTheOther(
    database,
    signsIn("one", "ana@people.test"),
    signsIn("other", "ana@people.test"),
  );
  expect(waited).toBe(true);
  expect(second).toEqual(first);
});

test("the same delivery twenty times at once is one row and one job (FND-25)", async () => {
  const receives = byProvider("receive_webhook('clerk', null, 'msg_1', 'user.updated', now(), '{}', '{}')");
  const outcomes = await atOnce(
    database,
    Array(20).fill({ ...receives, sql: receives.sql.replace("select ", "select verdict from ") }),
  );
  const verdicts = outcomes.map((outcome) => "value" in outcome && outcome.value);
  expect(verdicts.filter((verdict) => verdict === "received")).toHaveLength(1);
  expect(verdicts.filter((verdict) => verdict === "duplicate")).toHaveLength(19);
  expect(await ask(database, "select count(*)::int from app_private.webhook_receipts")).toBe(1);
  expect(await ask(database, "select count(*)::int from graphile_worker._private_jobs")).toBe(1);
});
