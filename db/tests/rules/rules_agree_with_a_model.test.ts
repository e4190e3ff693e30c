// Rules composed of what ruleBuilder offers, over random worlds of two clinics: what the compiled query finds is what another
// hand finds in the rows, and time alone changes nothing before recheck says so. SEG-02, SEG-03, SEG-05. The long form:
// PROPERTY_RUNS=500 PROPERTY_RULES=20 asks 10,000 rules.
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertyRuns } from "../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import type { Any } from "./agreement/comparisons.ts";
import { Composer } from "./agreement/composer.ts";
import { Model } from "./agreement/model.ts";
import { Random } from "./agreement/random.ts";
import { makeWorld, type PurposeVersion, readPurposes } from "./agreement/world.ts";

const rulesOfAWorld = Number(process.env.PROPERTY_RULES ?? 10);
const day = 86_400_000;
const year = Date.parse("2027-01-01T00:00:00Z");

let database: TestDatabase;
let client: pg.Client;
let purposes: PurposeVersion[];
beforeAll(async () => {
  database = await createTestDatabase({
    because:
      "fast-check makes the worlds, each a transaction that is rolled back, under a clock that is moved",
  });
  client = new pg.Client({ connectionString: database.urls.admin });
  await client.connect();
  purposes = await readPurposes(client);
  // Once: put in place anew in each world, both would throw every plan away.
  await standAt(year);
  await client.query("set session_replication_role = replica");
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** What a query of one value answers. */
async function ask(sql: string, ...values: unknown[]): Promise<Any> {
  const { rows } = await client.query({ text: sql, values, rowMode: "array" });
  return rows[0]?.[0];
}

const standAt = (instant: number) => ask("select tests.freeze_time($1)", new Date(instant).toISOString());

async function membersOf(organizationId: string, rule: Any): Promise<string[]> {
  return ask(
    "select coalesce(array_agg(member order by member), '{}')::text[] from app_private.rule_members($1, $2) as member",
    organizationId,
    JSON.stringify(rule),
  );
}

async function contractOf(organizationId: string): Promise<Any> {
  return ask(
    `select jsonb_build_object(
       'segments', (select jsonb_agg(jsonb_build_object('segment_id', s.id)) from app_public.segments as s where s.organization_id = $1),
       'operators', (select jsonb_agg(to_jsonb(o)) from app_private.rule_operators as o),
       'collections', (select jsonb_agg(to_jsonb(c)) from app_private.rule_collections as c),
       'fields', (select jsonb_agg(to_jsonb(t) || jsonb_build_object(
          'choices', coalesce(t.choices, app_private.rule_choices($1, t.choices_of)))) from app_private.rule_terms($1) as t))`,
    organizationId,
  );
}

test("a rule finds whom it means, at the clinic that asks, and is looked at again in time", async () => {
  const met = new Set<string>();
  let holding = 0;
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = new Random(seed);
      // Now and then the clock stands beside a midnight, of the clinic or of the world.
      const now =
        year +
        random.below(700) * day +
        random.of([0, 1, 22 * 3600, 21 * 3600 - 1, random.below(86_400)]) * 1000;
      await client.query("begin");
      try {
        await standAt(now);
        const [clinic] = await makeWorld(client, random, now, purposes);
        if (!clinic) throw new Error("no clinic");
        const model = new Model(clinic.id, clinic.zone);
        model.segments = clinic.members;
        await model.read(client);
        const composer = new Composer(random, await contractOf(clinic.id), now);
        for (let left = rulesOfAWorld; left > 0; left -= 1) {
          await standAt(now);
          model.now = now;
          // Every operator leads in its turn, by itself or in company; the rest is by chance.
          const lead = composer.nth(asked++);
          const rule = random.of<() => Any>([
            () => lead,
            () => ({ not: lead }),
            () => ({ all: [lead, composer.rule(2)] }),
            () => ({ any: [composer.rule(2), lead] }),
            () => composer.rule(),
          ])();
          const said = JSON.stringify(rule);
          expect(
            await ask(
              "select array_agg(path || ' ' || reason) from app_private.rule_problems($1, $2)",
              clinic.id,
              said,
            ),
            said,
          ).toBeNull();
          const members = await membersOf(clinic.id, rule);
          expect(members, said).toEqual(model.members(rule));
          holding += members.length;
          for (const [, operator] of said.matchAll(/"operator":"(\w+)"/g)) met.add(operator as string);
          await refusesMutants(random, composer, clinic.id);
          await explainsAlike(random, model, clinic.id, rule);
          await isLookedAtInTime(random, model, clinic.id, rule, now);
        }
      } finally {
        await client.query("rollback");
      }
    }),
    propertyRuns(10),
  );
  // Or the agreement would say little.
  expect(met.size).toBe(25);
  expect(holding).toBeGreaterThan(150);
}, 3_600_000);

/** One thing of a right comparison made wrong is refused, and its path said. */
async function refusesMutants(random: Random, composer: Composer, organizationId: string): Promise<void> {
  const rule = composer.comparison(random.of(composer.fields(null)));
  const [mutant, path] = random.of<[Any, string]>([
    [{ ...rule, field: `${rule.field}x` }, "field"],
    [{ ...rule, operator: "sounds_like" }, "operator"],
    [{ ...rule, more: 1 }, "more"],
    [{ ...rule, value: { a: 1 } }, "value"],
    [{ field: "subscription.tier", operator: "is", value: random.uuid() }, "value"],
    [{ segment: random.uuid() }, "segment"],
    [{ field: `form.${random.uuid()}.pain`, operator: "is", value: 1 }, "field"],
  ]);
  const nested = { all: [{ any: [] }, { not: mutant }] };
  expect(
    await ask(
      "select array_agg(path) from app_private.rule_problems($1, $2)",
      organizationId,
      JSON.stringify(nested),
    ),
    JSON.stringify(mutant),
  ).toEqual([`$.all[1].not.${path}`]);
}

async function explainsAlike(random: Random, model: Model, organizationId: string, rule: Any): Promise<void> {
  const patients = model.patients();
  if (patients.length === 0) return;
  const patient = random.of(patients);
  const explained = await ask(
    "select app_private.explain_rule($1, $2, $3)",
    organizationId,
    patient.id,
    JSON.stringify(rule),
  );
  expect(explained.holds, JSON.stringify(rule)).toBe(model.holds(rule, patient));
}

async function isLookedAtInTime(
  random: Random,
  model: Model,
  organizationId: string,
  rule: Any,
  now: number,
): Promise<void> {
  const { rows } = await client.query(`select (app_private.compile_rule($1, $2)).*`, [
    organizationId,
    JSON.stringify(rule),
  ]);
  const due = await client
    .query({
      text: `prepare recheck (uuid, uuid[], jsonb, uuid) as ${rows[0].recheck}`,
    })
    .then(() =>
      client.query(
        `execute recheck ('${organizationId}', null, '${JSON.stringify(rows[0].parameters).replaceAll("'", "''")}', null)`,
      ),
    );
  await client.query("deallocate recheck");
  const dueAt = new Map(due.rows.map((row) => [row.id, Date.parse(row.at)]));
  for (const at of dueAt.values()) expect(at, JSON.stringify(rule)).toBeGreaterThan(now);
  const before = new Set(model.members(rule));
  const instants = [...new Set(dueAt.values())].flatMap((at) => [at - 1000, at + 1000]).slice(0, 6);
  for (const then of [
    ...instants,
    now + random.below(400) * day + random.below(day),
    now + random.below(3 * day),
  ]) {
    model.now = then;
    const after = new Set(model.members(rule));
    for (const { id } of model.patients())
      if (before.has(id) !== after.has(id))
        expect(
          dueAt.get(id) ?? Number.POSITIVE_INFINITY,
          `${JSON.stringify(rule)} at ${new Date(then).toISOString()}`,
        ).toBeLessThanOrEqual(then);
  }
}
