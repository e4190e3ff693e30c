import { type GraphQLObjectType, getNamedType } from "grafast/graphql";
import { expect } from "vitest";
import { callOf, selectionsOf, slotsOf } from "./operations.ts";
import { questionsOf, type RootField } from "./questions.ts";
import { publicDoors } from "./values.ts";
import { gist, leaksIn, type Person, type World } from "./world.ts";

/** What a field tells a person of another's row, and where it answers otherwise than about nobody's. */
export async function differencesOf(
  world: World,
  kind: "query" | "mutation",
  field: RootField,
  person: Person,
  tables: ReadonlySet<string>,
  undecided: Set<string>,
): Promise<string[]> {
  const type = getNamedType(field.type) as GraphQLObjectType;
  const selection = "getFields" in type ? (selectionsOf(type, 1)[0] ?? "{ __typename }") : "";
  const different: string[] = [];
  for (const { hidden, made } of questionsOf(person, field, tables, undecided)) {
    const answers = [];
    for (const { values } of [hidden, made]) {
      const { head, uses, variables } = callOf(field, slotsOf(field), values);
      const document = `${kind} ${head} { ${field.name}${uses} ${selection} }`;
      answers.push(await world.ask(person, document, variables));
    }
    const [first, second] = answers;
    if (!first || !second) continue;
    expect(first.status, first.text).toBeLessThan(500);
    different.push(
      ...leaksIn(first.text, person.forbidden, hidden.sent).map((leak) => `${field.name}: ${leak}`),
    );
    const [theirs, nobodys] = [gist(first, hidden.sent), gist(second, made.sent)];
    if (!publicDoors.has(field.name) && theirs !== nobodys)
      different.push(`${field.name}(${hidden.sent}): ${theirs}\n  but for nobody's: ${nobodys}`);
  }
  return different;
}
