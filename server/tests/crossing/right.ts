/** Whether every verb can be asked rightly: a verb that no right arguments are made for is asked about nothing. */
import { getNamedType, isObjectType } from "grafast/graphql";
import { given } from "./given.ts";
import { type ListingWatch, watchListings } from "./listings.ts";
import { callOf, rootFields, selectionsOf, slotsOf } from "./operations.ts";
import { type Pick, questionsOf, type RootField } from "./questions.ts";
import { isUuid, plausible } from "./values.ts";
import { crowd, openWorld, type Person, type World } from "./world.ts";

/** What the verbs say when nothing but the rows is the matter: the arguments were right. */
const beyondArguments = new Set(["done", "STATE", "CONFLICT", "GONE", "SLOT_TAKEN", "RATE_LIMITED"]);

export type Rightly = {
  /** What each verb said to whom it was right for. */
  right: Map<string, string>;
  /** Verbs that nobody's own rows brought past their arguments and rights, with all that was said. */
  unmade: Map<string, string>;
  /** Those that changed what a calendar offers, and those of them that whoever watched it was not told of. */
  listings: ListingWatch;
};

/** Asks every mutation of what is the persons' own, until one gets past arguments and rights (FND-05). */
export async function askRightly(told: (line: string) => void = () => {}): Promise<Rightly> {
  const world = await openWorld("the right clinic's people do everything that they may, for good", {
    ...crowd,
    "the platform": { persona: "superadmin root", human: "root", clinic: null },
  });
  try {
    const rows = await world.api.sql("select name from tests.app_tables");
    const tables: ReadonlySet<string> = new Set(rows.map(({ name }) => name));
    const people = [...Object.keys(crowd), "the platform"].map((name) => world.person(name));
    const listings = await watchListings(world);
    const result: Rightly = { right: new Map(), unmade: new Map(), listings };
    const verbs = rootFields(world.schema, "mutation").toSorted((a, b) => endOf(a) - endOf(b));
    for (const field of verbs) {
      const said = new Set<string>();
      const known = (await given[field.name]?.(world)) ?? {};
      const named = Object.keys(known).filter((name) => !slotsOf(field).some((slot) => slot.name === name));
      if (named.length > 0) throw new Error(`${field.name} takes no ${named}`);
      await listings.around(field.name, async () => {
        for (const question of people.flatMap((person) => questionsFor(person, field, tables))) {
          const outcome = await ask(
            world,
            question.person,
            field,
            slotsOf(field).map(({ name }, place) => (name in known ? known[name] : question.values[place])),
          );
          said.add(outcome);
          if (beyondArguments.has(outcome.split(" ")[0] ?? "")) {
            result.right.set(field.name, outcome);
            break;
          }
        }
      });
      if (!result.right.has(field.name)) result.unmade.set(field.name, [...said].join(", "));
      told(`${field.name}: ${result.right.get(field.name) ?? `not right: ${[...said].join(", ")}`}`);
    }
    await listings.close();
    return result;
  } finally {
    await world.api.close();
  }
}

/** An account is saved before it is tested; last, persons leave, roles are taken away, rows are deleted. */
const endOf = ({ name }: RootField): number => {
  if (/^(remove|revoke|end|merge|disable|decline|reject|cancel)/.test(name)) return 3;
  if (/^(delete|discard)/.test(name)) return 2;
  return /^save/.test(name) ? 0 : 1;
};

const first: Pick = (all) => all[0];
const last: Pick = (all) => all.at(-1);

function questionsFor(
  person: Person,
  field: RootField,
  tables: ReadonlySet<string>,
): { person: Person; values: unknown[] }[] {
  const own = { ...person, foreign: person.own };
  const plain = slotsOf(field).map((slot) => (isUuid(slot) ? undefined : plausible(slot)));
  return [first, last].map((pick) => {
    const [question] = questionsOf(own, field, tables, new Set(), pick);
    return { person, values: question?.hidden.values ?? plain };
  });
}

async function ask(world: World, person: Person, field: RootField, values: unknown[]): Promise<string> {
  const type = getNamedType(field.type);
  const selection = isObjectType(type) ? (selectionsOf(type, 0)[0] ?? "{ __typename }") : "";
  const { head, uses, variables } = callOf(field, slotsOf(field), values);
  const answer = await world.ask(person, `mutation ${head} { ${field.name}${uses} ${selection} }`, variables);
  const refusal = answer.body?.errors?.[0]?.extensions;
  if (!refusal) return "done";
  return [refusal.code, refusal.reason, JSON.stringify(refusal.details ?? {})].join(" ");
}
