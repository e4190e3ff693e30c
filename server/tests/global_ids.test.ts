import { getNamedType, isInterfaceType, isObjectType } from "grafast/graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callOf, rootFields, selectionsOf, slotsOf } from "./crossing/operations.ts";
import { isGlobalId, isUuid, plausible } from "./crossing/values.ts";
import { openWorld, randomUUID, type World } from "./crossing/world.ts";
import { type Answer, refusalOf } from "./support.ts";

let world: World;
const encode = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64");

beforeAll(async () => {
  world = await openWorld("every field that takes a global id is asked, mutations among them");
});
afterAll(() => world?.api.close());

type Field = ReturnType<typeof rootFields>[number] & { kind: "query" | "mutation" };
/** Every root field that takes a global id, generated from the schema: a new one is asked the day it appears. */
const fields = (): Field[] =>
  (["query", "mutation"] as const).flatMap((kind) =>
    rootFields(world.schema, kind)
      .filter((field) => slotsOf(field).some(isGlobalId))
      .map((field) => Object.assign(field, { kind })),
  );

/** `updateServiceById` and `serviceById` are about services. */
const typeOf = ({ name }: Field) =>
  name
    .replace(/^(update|delete)/, "")
    .replace(/ById$/, "")
    .replace(/^./, (letter) => letter.toUpperCase());

async function ask(field: Field, id: unknown): Promise<Answer> {
  const slots = slotsOf(field);
  const values = slots.map((slot) => {
    if (isGlobalId(slot)) return id;
    // Nothing is changed: what is asked is whether the id is looked at at all.
    return slot.path.length > 2 || isUuid(slot) ? undefined : plausible(slot);
  });
  const { head, uses, variables } = callOf(field, slots, values) as ReturnType<typeof callOf> & {
    variables: { input?: object };
  };
  if (slots.some(({ path }) => path[1] === "patch")) Object.assign(variables.input ?? {}, { patch: {} });
  const type = getNamedType(field.type);
  const selection = isObjectType(type)
    ? (selectionsOf(type, 0)[0] ?? "")
    : isInterfaceType(type)
      ? "{ id }"
      : "";
  return world.ask(
    world.person("atlas' admin"),
    `${field.kind} ${head} { ${field.name}${uses} ${selection} }`,
    variables,
  );
}

describe("FND-29: a global id that a field cannot mean", () => {
  it("of another type is refused by every field that takes one, and changes nothing", async () => {
    const asked = fields().filter(({ name }) => name !== "node");
    expect(asked.filter(({ kind }) => kind === "query").length).toBeGreaterThan(40);
    expect(asked.filter(({ kind }) => kind === "mutation").length).toBeGreaterThan(15);
    const before = await state();
    const wrong: string[] = [];
    for (const field of asked) {
      const other = typeOf(field) === "Service" ? "Calendar" : "Service";
      const answer = await ask(field, encode(other, randomUUID()));
      const at = field.kind === "mutation" ? "input.id" : "id";
      const refusal = answer.body?.errors?.[0]?.extensions;
      if (
        refusal?.code !== "VALIDATION" ||
        refusal.reason !== "id_of_another_type" ||
        refusal.details?.field !== at
      )
        wrong.push(`${field.name}: ${answer.text.slice(0, 300)}`);
    }
    expect(wrong).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it("or no id at all, is refused by each as well", async () => {
    const wrong: string[] = [];
    const asked = fields();
    for (const [place, field] of asked.entries()) {
      const type = field.name === "node" ? "Service" : typeOf(field);
      const ids = [
        "",
        "nonsense",
        "query",
        encode(),
        encode(type),
        encode(type, null),
        encode(type, { id: 1 }),
        encode(type, ...Array.from({ length: 9 }, () => randomUUID())),
        Buffer.from(JSON.stringify(type)).toString("base64"),
        Buffer.from(JSON.stringify({ 0: type, 1: randomUUID() })).toString("base64"),
      ];
      // Each field two of them, and each of them many fields.
      for (const id of [place, place + 1].map((nth) => ids[nth % ids.length])) {
        const answer = await ask(field, id);
        const refusal = answer.body?.errors?.[0]?.extensions;
        if (refusal?.code !== "VALIDATION" || !/^id_/.test(refusal.reason))
          wrong.push(`${field.name}(${id}): ${answer.text.slice(0, 300)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("and node takes the ids of every type, and of no other", async () => {
    const node = fields().find(({ name }) => name === "node") as Field;
    expect(refusalOf(await ask(node, encode("Nothing", randomUUID())))).toMatchObject({
      code: "VALIDATION",
      reason: "id_of_another_type",
    });
    const answer = await world.ask(
      world.person("atlas' admin"),
      "{ services(first: 1) { nodes { id } } memberships(first: 1) { nodes { id } } calendarSpecialists(first: 1) { nodes { id } } timeZones(first: 1) { nodes { id } } }",
    );
    for (const list of Object.values<any>(answer.body.data)) {
      const { id } = list.nodes[0];
      expect((await ask(node, id)).body).toEqual({ data: { node: { id } } });
    }
  });

  it("leaves what names its own type: a row that is not there is null, and NOT_FOUND to a change", async () => {
    const by = (name: string) => fields().find((field) => field.name === name) as Field;
    const id = encode("Service", randomUUID());
    expect((await ask(by("serviceById"), id)).body).toEqual({ data: { serviceById: null } });
    const change = await world.ask(
      world.person("atlas' admin"),
      'mutation ($id: ID!) { updateServiceById(input: { id: $id, patch: { name: "X" } }) { service { name } } }',
      { id },
    );
    expect(refusalOf(change)).toMatchObject({ code: "NOT_FOUND" });
    expect(
      refusalOf(await ask(by("deleteCalendarHourById"), encode("CalendarHour", randomUUID()))),
    ).toMatchObject({
      code: "NOT_FOUND",
    });
    expect((await ask(by("node"), id)).body).toEqual({ data: { node: null } });
    // A refusal is its field's own: the others of the document are answered.
    const { body } = await world.ask(
      world.person("atlas' admin"),
      "query ($id: ID!) { wrong: calendarById(id: $id) { name } services(first: 1) { nodes { name } } }",
      { id },
    );
    expect(body.errors).toHaveLength(1);
    expect(body.data.wrong).toBeNull();
    expect(body.data.services.nodes).toHaveLength(1);
  });
});

const state = async () =>
  (await world.api.sql("select tests.state() - 'app_private.spent_allowances' as state"))[0].state;
