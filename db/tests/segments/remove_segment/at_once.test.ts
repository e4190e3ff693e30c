import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

// SEG-01, AUT-01: no automation names a segment that is gone, whoever came first.

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ because: "removing and saving commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('alina', 'admin');
     select tests.act_as('adrian');
     select tests.remember('kept list', (app_public.create_segment(tests.id('atlas'), 'Kept')).id);
     select tests.act_as('the database');`,
  );
});
afterAll(() => database.drop());

const putIn = (list: string) =>
  `jsonb_build_array(jsonb_build_object('action', 'update_segment', 'config', jsonb_build_object('segmentId', tests.id('${list}'))))`;
let round = 0;
beforeEach(() => next());

/** A list of its own, and an automation that names another one. */
async function next(): Promise<void> {
  round++;
  await furnish(
    database,
    `select tests.act_as('adrian');
     select tests.remember('list ${round}', (app_public.create_segment(tests.id('atlas'), 'List ${round}')).id);
     select tests.remember('rule ${round}', (app_public.create_automation(tests.id('atlas'), 'Rule ${round}', 'patient.onboarded', ${putIn("kept list")})).id);
     select tests.act_as('the database');`,
  );
}

const remove = (): Act => ({
  as: "alina",
  sql: `select (app_public.remove_segment(tests.id('list ${round}'))).deleted_at is not null`,
});
const edit = (): Act => ({
  as: "adrian",
  sql: `select (app_public.edit_automation(tests.id('rule ${round}'), 'Rule ${round}', ${putIn(`list ${round}`)})).version`,
});
const create = (): Act => ({
  as: "adrian",
  sql: `select (app_public.create_automation(tests.id('atlas'), 'New ${round}', 'patient.onboarded', ${putIn(`list ${round}`)})).version`,
});
const gone = { code: "RX400", reason: "automation_not_valid" };
const named = { code: "RX409", reason: "segment_is_named" };

/** Present versions of automations that name a segment which is gone. */
const leftBehind = () =>
  ask<number>(
    database,
    `select count(*)::int
     from app_public.automation_rules as rules
     join app_public.automation_rule_versions as versions
       on versions.automation_rule_id = rules.id and versions.version = rules.version
     join app_public.segments on segments.deleted_at is not null and position(segments.id::text in versions.actions::text) > 0
     where rules.removed_at is null`,
  );

test.each([
  ["edited", edit, 2],
  ["made", create, 1],
])("an automation that is being %s is waited for, and keeps the segment", async (_what, save, version) => {
  const outcome = await oneBehindTheOther(database, save(), remove());
  expect(outcome).toEqual({ first: { value: version }, second: named, waited: true });
});

test.each([
  ["edited", edit],
  ["made", create],
])("an automation that is %s while the segment goes waits, and is refused", async (_what, save) => {
  const outcome = await oneBehindTheOther(database, remove(), save());
  expect(outcome).toEqual({ first: { value: true }, second: gone, waited: true });
  expect(await leftBehind()).toBe(0);
});

test("all at once, either the segment goes or it is named, and nobody waits in a circle", async () => {
  for (let times = 0; times < 12; times++) {
    await next();
    const [removed, ...saved] = await atOnce(database, [remove(), edit(), create()]);
    if (removed && "value" in removed) expect(saved).toEqual([gone, gone]);
    else {
      expect(removed).toEqual(named);
      expect(saved).toEqual([{ value: 2 }, { value: 1 }]);
    }
  }
  expect(await leftBehind()).toBe(0);
});
