/** Filters of lists, asked for values that stand in rows of others and for values that stand nowhere. FND-05. */
import { expect } from "vitest";
import { filtersOf, inParts, isList, nodeOf, rootFields } from "./operations.ts";
import { hiddenValue, type RootField } from "./questions.ts";
import { tableNamed } from "./values.ts";
import { leaksIn, type Person, type World } from "./world.ts";

type Values = { hidden: string; made: string };
/** A filter, with what to ask each person for from whom the table hides any value. */
type Filter = { column: string; operator: string; scalar: string; of: Map<Person, Values> };

/**
 * Greater and less divide the visible rows at the value, wherever it lies: only equality could tell. That the others
 * break nothing is the same for everybody, so one person asks them, and once.
 */
const tells = ({ operator }: Filter) => /^(equalTo|startsWith|includes|like)/.test(operator);

/**
 * What the filters told these persons, by name: where another's value was answered otherwise than nobody's, and how many
 * were compared. A document is the same for all of them, because the server plans it once; whoever nothing is hidden from
 * asks twice for what nobody has.
 */
export async function askFilters(
  world: World,
  names: string[],
  tables: ReadonlySet<string>,
): Promise<{ different: Map<string, string[]>; compared: Map<string, number> }> {
  const people = names.map((name) => world.person(name));
  const different = new Map(names.map((name): [string, string[]] => [name, []]));
  const compared = new Map(names.map((name) => [name, 0]));

  const ask = async (field: RootField, person: Person, filters: Filter[], which: keyof Values) => {
    const heads = filters.map(({ scalar }, place) => `$v${place}: ${scalar}`).join(", ");
    const body = filters.map(
      ({ column, operator }, place) =>
        `a${place}: ${field.name}(filter: { ${column}: { ${operator}: $v${place} } }) { totalCount }`,
    );
    const values = filters.map(({ of }, place) => {
      const [{ made } = { made: "" }] = of.values();
      return [`v${place}`, of.get(person)?.[which] ?? made];
    });
    const answer = await world.ask(
      person,
      `query (${heads}) { ${body.join(" ")} }`,
      Object.fromEntries(values),
    );
    const leaks = leaksIn(answer.text, person.forbidden).map((leak) => `${field.name}: ${leak}`);
    different.get(person.name)?.push(...leaks);
    expect(answer.status, answer.text).toBeLessThan(500);
    return filters.map((_, place) => JSON.stringify(answer.body?.data?.[`a${place}`]));
  };

  const compare = async (field: RootField, person: Person, filters: Filter[]) => {
    const hidden = await ask(field, person, filters, "hidden");
    const made = await ask(field, person, filters, "made");
    for (const [place, { column, operator, of }] of filters.entries()) {
      if (of.has(person)) compared.set(person.name, (compared.get(person.name) ?? 0) + 1);
      if (hidden[place] !== made[place])
        different
          .get(person.name)
          ?.push(`${field.name} by ${column} ${operator}: ${hidden[place]}, not ${made[place]}`);
    }
  };

  const [first] = people as [Person];
  for (const field of rootFields(world.schema, "query").filter(isList)) {
    const table = tableNamed(nodeOf(field).name, tables);
    const filters = filtersOf(field).flatMap(({ column, operators, scalar }): Filter[] => {
      const of = new Map<Person, Values>();
      for (const person of people) {
        const values = hiddenValue(person, { table, column, scalar }, tables);
        if (values) of.set(person, values);
      }
      return of.size === 0 ? [] : operators.map((operator) => ({ column, operator, scalar, of }));
    });
    for (const part of inParts(filters.filter(tells), 40))
      await Promise.all(people.map((person) => compare(field, person, part)));
    const others = filters.filter((filter) => !tells(filter) && filter.of.has(first));
    for (const part of inParts(others, 40)) await ask(field, first, part, "hidden");
  }
  return { different, compared };
}
