import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../../seed/random.ts";
import { propertyRuns } from "../../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { judge } from "./independent.ts";
import { randomAnswers, randomItems } from "./templates.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({ because: "hundreds of templates are asked over one connection" });
  client = new pg.Client(database.urls.admin);
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const BATCH = 250;
const ask = `
  select asked.place::int,
         array(select problem.path || ' ' || problem.reason from app_private.content_problems(asked.snapshot) as problem) as content,
         array(select problem.value ->> 'path' || ' ' || (problem.value ->> 'reason') from jsonb_array_elements(read.problems) as problem) as problems,
         read.kept
  from jsonb_to_recordset($1) as asked (place int, snapshot jsonb, answers jsonb, complete boolean)
  cross join lateral app_private.read_answers(asked.snapshot, asked.answers, asked.complete) as read
  order by asked.place`;

describe("FRM-04: the database's validation", () => {
  it("is that of another one, over random templates and answers", async () => {
    const { numRuns, seed } = propertyRuns(400);
    const random = seededRandom(seed);
    const met = new Set<string>();
    let sound = 0;

    for (let begun = 0; begun < numRuns; begun += BATCH) {
      const cases = Array.from({ length: Math.min(BATCH, numRuns - begun) }, (_, place) => {
        const items = randomItems(random);
        const answers = random.chance(0.005) ? "no answers" : randomAnswers(random, items);
        return {
          place,
          snapshot: { format: 1, title: { ro: "Formular" }, items },
          answers,
          complete: random.chance(0.6),
        };
      });
      const { rows } = await client.query(ask, [JSON.stringify(cases)]);
      for (const { place, snapshot, answers, complete } of cases) {
        const found = rows[place];
        const expected = judge(snapshot.items, answers, complete);
        const told = `case ${begun + place} of seed ${seed}: ${JSON.stringify({ snapshot, answers, complete })}`;
        expect(found.content, told).toEqual([]);
        expect(found.problems.sort(), told).toEqual(expected.problems);
        if (expected.problems.length === 0) {
          expect(found.kept, told).toEqual(expected.kept);
          sound += 1;
        }
        for (const problem of expected.problems) met.add(problem.split(" ").at(-1) as string);
      }
    }

    // The cases are worth something: many are sound, and every reason was met.
    expect(sound).toBeGreaterThan(numRuns / 20);
    expect([...met].sort()).toEqual(
      (
        "chosen_twice not_a_boolean not_a_date not_a_file not_a_list not_a_number not_a_phone not_a_text not_an_email " +
        "not_an_integer not_an_object not_offered not_one_line required too_early too_few too_large too_late too_long " +
        "too_many too_short too_small unknown_key"
      ).split(" "),
    );
  });
});
