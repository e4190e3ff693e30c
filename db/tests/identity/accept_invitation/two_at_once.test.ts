import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({
    because: "people who accept and revoke at once commit beside each other",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.remember('billing', tests.role_id('billing'));
     select tests.person('nora');`,
  );
});
afterEach(() => database.drop());

const invite: Act = {
  as: "olga",
  sql: "select (app_public.invite_member(tests.id('atlas'), 'nora@people.test', 'Nora', array[tests.id('billing')])).id",
};
const invited = () =>
  furnish(database, `select tests.act_as('olga'); select tests.remember('it', (${invite.sql}))`);
const about = (as: string, verb: string): Act => ({
  as,
  sql: `select (app_public.${verb}_invitation(tests.id('it'))).status`,
});
const members = () => ask(database, "select count(*)::int from app_public.memberships");

test("who accepts twice at once joins once (FND-04)", async () => {
  await invited();
  const { first, second, waited } = await oneBehindTheOther(
    database,
    about("nora", "accept"),
    about("nora", "accept"),
  );
  expect(waited).toBe(true);
  expect(first).toEqual({ value: "accepted" });
  expect(second).toEqual({ code: "RX410", reason: "invitation_is_over" });
  expect(await members()).toBe(2);
});

test("of accepting and revoking at once one happens, whoever is first (FND-04)", async () => {
  await invited();
  const revoked = await oneBehindTheOther(database, about("olga", "revoke"), about("nora", "accept"));
  expect(revoked).toEqual({
    first: { value: "revoked" },
    second: { code: "RX410", reason: "invitation_is_over" },
    waited: true,
  });
  expect(await members()).toBe(1);

  await invited();
  const accepted = await oneBehindTheOther(database, about("nora", "accept"), about("olga", "revoke"));
  expect(accepted).toEqual({
    first: { value: "accepted" },
    second: { code: "RX412", reason: "invitation_is_over" },
    waited: true,
  });
  expect(await members()).toBe(2);
});

test("one person invited ten times at once has one invitation and one mail (FND-04)", async () => {
  const outcomes = await atOnce(database, Array(10).fill(invite));
  expect(outcomes.filter((outcome) => "value" in outcome)).toHaveLength(1);
  expect(
    outcomes.filter((outcome) => "reason" in outcome && outcome.reason === "already_invited"),
  ).toHaveLength(9);
  expect(await ask(database, "select count(*)::int from app_public.messages")).toBe(1);
});

test("ten mails asked for at once are three (FND-04, FND-15)", async () => {
  await invited();
  const outcomes = await atOnce(database, Array(10).fill(about("olga", "resend")));
  expect(outcomes.filter((outcome) => "value" in outcome)).toHaveLength(2);
  expect(await ask(database, "select count(*)::int from app_public.messages")).toBe(3);
});

test("a profile that two accept at once has one account (FND-07)", async () => {
  await furnish(
    database,
    `select tests.staff('flavia', 'front_desk', 'atlas'), tests.person('ana');
     select tests.remember('profile', tests.patient('matei', clinic => 'atlas', account => false));
     select tests.act_as('flavia');
     select tests.remember('to ' || who, (app_public.invite_patient(tests.id('atlas'), tests.id('profile'), who || '@people.test')).id)
     from unnest('{nora,ana}'::text[]) as who;`,
  );
  const accepts = (who: string): Act => ({
    as: who,
    sql: `select (app_public.accept_invitation(tests.id('to ${who}'), 'Matei', 'Popescu', accepted_version_ids => tests.terms('atlas'))).status`,
  });
  const { first, second, waited } = await oneBehindTheOther(database, accepts("nora"), accepts("ana"));
  expect({ first, second, waited }).toEqual({
    first: { value: "accepted" },
    second: { code: "RX410", reason: "profile_is_gone" },
    waited: true,
  });
});
