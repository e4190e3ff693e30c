import { type GraphQLObjectType, getNamedType } from "grafast/graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEPT_DOCUMENTS } from "../../plugins/bounded_plans.ts";
import type { Answer } from "../support.ts";
import { differencesOf } from "./differences.ts";
import { askFilters } from "./filters.ts";
import { once } from "./once.ts";
import {
  aggregatesOf,
  inParts,
  isList,
  nodeOf,
  ordersOf,
  relationsOf,
  rootFields,
  rowsOf,
  selectionsOf,
  slotsOf,
  walks,
} from "./operations.ts";
import type { RootField } from "./questions.ts";
import { digests, leaksIn, openWorld, type World } from "./world.ts";

const attackers = ["boreal's admin", "the second patient", "a visitor"];
const insider = "atlas' admin";

/** Lists that refuse everybody but the platform. */
const platformOnly = new Set(["deadLetters"]);

let world: World;
let tables: Set<string>;
const asked = new Set<string>();
const undecided = new Set<string>();

beforeAll(async () => {
  world = await openWorld(
    "everybody asks everything that the schema has, and what both clinics hold is compared before and after",
  );
  const rows = await world.api.sql("select name from tests.app_tables");
  tables = new Set(rows.map((row) => row.name));
});

afterAll(() => world?.api.close());

type Asked = { name: string; query: string };
const ofEach = <T>(none: () => T): Map<string, T> => new Map(attackers.map((who) => [who, none()]));

/**
 * Has these persons ask every document, all of them before the next one comes: the server plans each document once, and
 * keeps few plans. Answers with what each was told of what is not theirs.
 */
async function leaksOf(
  documents: Asked[],
  people: string[],
  look: (who: string, told: Asked & { answer: Answer }) => void = () => {},
): Promise<Map<string, string[]>> {
  const found = new Map(people.map((who) => [who, new Set<string>()]));
  for (const { name, query } of documents) {
    asked.add(name);
    await Promise.all(
      people.map(async (who) => {
        const person = world.person(who);
        const answer = await world.ask(person, query);
        expect([200, 400, 401, 403, 404, 409, 422, 429], answer.text).toContain(answer.status);
        look(who, { name, query, answer });
        for (const leak of leaksIn(answer.text, person.forbidden)) found.get(who)?.add(`${name}: ${leak}`);
      }),
    );
  }
  return new Map([...found].map(([who, leaks]) => [who, [...leaks].sort()]));
}

const walked = once(async () => {
  const forbiddenToBoreal = world
    .person("boreal's admin")
    .forbidden.filter(({ home }) => home.startsWith("atlas"));
  const seen = new Set<string>();
  const broken = new Set<string>();
  const leaks = await leaksOf(walks(world.schema), [...attackers, insider], (who, { name, answer }) => {
    for (const error of answer.body?.errors ?? [])
      if (error.extensions.code === "INTERNAL") broken.add(`${name}: ${error.path?.join(".")}`);
    if (who !== insider) return;
    for (const leak of leaksIn(answer.text, forbiddenToBoreal)) seen.add(leak.replace(/ of .*/, ""));
  });
  return { leaks, seen, broken: [...broken] };
});

const connections = () => rootFields(world.schema, "query").filter(isList);

const ordered = once(() => {
  const documents = connections().flatMap((field) =>
    ordersOf(field).map((query) => ({ name: field.name, query })),
  );
  expect(documents.length).toBeGreaterThan(20);
  return leaksOf(documents, attackers);
});

const counted = once(async () => {
  const wrong = ofEach((): string[] => []);
  const documents = connections().flatMap((field) => {
    const query = aggregatesOf(field);
    return query ? [{ name: field.name, query }] : [];
  });
  const leaks = await leaksOf(documents, attackers, (who, { name, answer }) => {
    const rows = answer.body?.data?.[name];
    const keys = rows?.aggregates?.distinctCount?.id;
    if (keys != null && Number(keys) !== rows.totalCount)
      wrong.get(who)?.push(`${name} counts ${keys} of ${rows.totalCount}`);
  });
  return { leaks, wrong };
});

const filtered = once(() => askFilters(world, attackers, tables));

const differences = (kind: "query" | "mutation", field: RootField, who: string) => {
  asked.add(field.name);
  return differencesOf(world, kind, field, world.person(who), tables, undecided);
};

const lookedUp = once(async () => {
  const different = ofEach((): string[] => []);
  for (const field of rootFields(world.schema, "query").filter((field) => slotsOf(field).length > 0))
    await Promise.all(
      attackers.map(async (who) => different.get(who)?.push(...(await differences("query", field, who)))),
    );
  return different;
});

/** One after the other, so that a change has one who may have made it; few enough at once that their plans are kept. */
const mutated = once(async () => {
  const different = ofEach((): string[] => []);
  let after = await digests(world);
  for (const fields of inParts(rootFields(world.schema, "mutation"), KEPT_DOCUMENTS - 4))
    for (const who of attackers) {
      const person = world.person(who);
      const found = different.get(who) ?? [];
      const before = after; // nobody does anything between two of them
      for (const field of fields) found.push(...(await differences("mutation", field, who)));
      after = await digests(world);
      for (const clinic of ["atlas", "boreal"] as const)
        if (person.organization !== before.ids[clinic] && after[clinic] !== before[clinic])
          found.push(`${clinic} was changed by one of ${fields.map(({ name }) => name)}`);
    }
  return different;
});

test("every relation in the schema can be followed: none is a door that is locked for everybody (FND-05, FND-29)", async () => {
  const admin = world.person(insider);
  const followed = new Set<string>();
  const locked: string[] = [];
  for (const field of rootFields(world.schema, "query").filter(isList)) {
    const node = nodeOf(field);
    for (const relation of relationsOf(node)) {
      followed.add(`${node.name}.${relation.name}`);
      const inner = selectionsOf(getNamedType(relation.type) as GraphQLObjectType, 0)[0];
      const answer = await world.ask(admin, `{ ${field.name} { nodes { ${relation.name} ${inner} } } }`);
      if (answer.body.errors) locked.push(`${node.name}.${relation.name}: ${answer.body.errors[0].message}`);
    }
  }
  expect(followed.size).toBeGreaterThan(50);
  expect(locked).toEqual([]);
});

test("what the schema says is never null never is: nothing breaks on the way (FND-29)", async () => {
  expect((await walked()).broken).toEqual([]);
});

test("whoever belongs to the clinic finds the canaries by these same operations, so that not finding them means something (FND-05)", async () => {
  const { seen } = await walked();
  expect([...seen].filter((column) => !column.endsWith("id")).length).toBeGreaterThan(30);
  expect([...seen]).toEqual(
    expect.arrayContaining([
      "app_public.appointments.contact_name",
      "app_public.booking_requests.message",
      "app_public.patient_profiles.family_name",
      "app_private.caregiver_evidence.evidence",
      "app_public.humans.email",
      "app_public.specialist_schedule_overrides.note",
    ]),
  );
});

describe.each(attackers)("%s never sees what is not theirs (FND-05, FND-06, FND-07, SPC-05)", (name) => {
  test("through no relation, three deep, from any list", async () => {
    expect(world.person(name).forbidden.length).toBeGreaterThan(100);
    expect((await walked()).leaks.get(name)).toEqual([]);
  });

  test("through no order and no aggregate, and no aggregate counts what is hidden", async () => {
    expect((await ordered()).get(name)).toEqual([]);
    const { leaks, wrong } = await counted();
    expect(leaks.get(name)).toEqual([]);
    expect(wrong.get(name)).toEqual([]);
  });

  test("by no filter: a value of another's row answers exactly like one that nobody has", async () => {
    const { different, compared } = await filtered();
    expect(different.get(name)).toEqual([]);
    expect(compared.get(name)).toBeGreaterThan(20);
  });

  test("by no id, address or key: another's answers exactly like one that nobody has", async () => {
    expect((await lookedUp()).get(name)).toEqual([]);
  });

  test("and no mutation tells them apart, answers with anything of another's, or changes it", async () => {
    expect((await mutated()).get(name)).toEqual([]);
  });
});

test("the mutation's own way back to every query shows nothing more (FND-05)", async () => {
  const person = world.person("boreal's admin");
  const lists = rootFields(world.schema, "query").filter(isList);
  const open = lists.filter(({ name }) => !platformOnly.has(name));
  for (const [part, some] of inParts(open, 40).entries()) {
    const query = `mutation ($input: CreatePatientInput!) {
      createPatient(input: $input) { query { patients { totalCount } ${some.map(rowsOf).join(" ")} } } }`;
    const input = { organizationId: person.organization, givenName: `Noua${part}`, familyName: "Pacientă" };
    const answer = await world.ask(person, query, { input: { ...input, asNewPatient: true } });
    expect(answer.body.errors, answer.text.slice(0, 500)).toBeUndefined();
    expect(answer.body.data.createPatient.query.patients.totalCount).toBeGreaterThan(1);
    expect(leaksIn(answer.text, person.forbidden)).toEqual([]);
  }
});

test("no root field and no id was left out: nobody could forget to decide (FND-05)", () => {
  const all = [...rootFields(world.schema, "query"), ...rootFields(world.schema, "mutation")].map(
    (field) => field.name,
  );
  expect(all.filter((name) => !asked.has(name))).toEqual([]);
  expect([...undecided]).toEqual([]);
});
