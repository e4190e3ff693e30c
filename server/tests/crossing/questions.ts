/** What is asked of a field about rows of others: made from the schema, so that a new verb is asked the day it appears. */
import { getNamedType, getNullableType, isListType } from "grafast/graphql";
import { type rootFields, type Slot, slotsOf } from "./operations.ts";
import { isUuid, plausible, tableOfField, tableOfSlot } from "./values.ts";
import { type Person, randomUUID } from "./world.ts";

export type RootField = ReturnType<typeof rootFields>[number];

/** Which of several rows is meant. */
export type Pick = <T>(all: readonly T[]) => T | undefined;
const first: Pick = (all) => all[0];

export type Question = { values: unknown[]; sent: string[] };

/**
 * For every argument that names something: a row hidden from this person, and beside it the same question about
 * nothing at all. First with everything another's, then one at a time among what is their own.
 */
export function questionsOf(
  person: Person,
  field: RootField,
  tables: ReadonlySet<string>,
  undecided: Set<string>,
  pick: Pick = first,
): { hidden: Question; made: Question }[] {
  const slots = slotsOf(field);
  const owner = tableOfField(field.name, getNamedType(field.type).name, tables);
  const naming = slots.flatMap((slot, place) => {
    const value = namingValue(person, field, slot, owner, tables, undecided, pick);
    return value ? [{ place, ...value }] : [];
  });
  if (naming.length === 0) return [];
  const plain = slots.map((slot) => (isUuid(slot) ? undefined : plausible(slot)));

  const ask = (places: number[]): { hidden: Question; made: Question } => {
    const hidden: Question = { values: [...plain], sent: [] };
    const made: Question = { values: [...plain], sent: [] };
    for (const { place, theirs, nobodys, own } of naming) {
      if (places.includes(place)) {
        hidden.values[place] = theirs.value;
        hidden.sent.push(...theirs.sent);
        made.values[place] = nobodys.value;
        made.sent.push(...nobodys.sent);
      } else {
        hidden.values[place] = own;
        made.values[place] = own;
      }
    }
    return { hidden, made };
  };
  const all = ask(naming.map(({ place }) => place));
  const single =
    naming.length > 1 ? naming.filter(({ own }) => own !== undefined).map(({ place }) => ask([place])) : [];
  return [all, ...single];
}

type Naming = {
  theirs: { value: unknown; sent: string[] };
  nobodys: { value: unknown; sent: string[] };
  own: unknown;
};

function namingValue(
  person: Person,
  field: RootField,
  slot: Slot,
  owner: string | undefined,
  tables: ReadonlySet<string>,
  undecided: Set<string>,
  pick: Pick,
): Naming | undefined {
  if (isUuid(slot)) {
    const table = tableOfSlot(slot, tables, owner);
    if (!table) {
      undecided.add(`${field.name}: whose row does ${slot.path.join(".")} name?`);
      return undefined;
    }
    const theirs = pick(person.foreign.get(table) ?? []) ?? randomUUID();
    const nobodys = randomUUID();
    const listed = isListType(getNullableType(slot.type));
    const own = pick(person.own.get(table) ?? []);
    const shaped = (value: string) => (listed ? [value] : value);
    return {
      theirs: { value: shaped(theirs), sent: [theirs] },
      nobodys: { value: shaped(nobodys), sent: [nobodys] },
      own: own && shaped(own),
    };
  }
  if (slot.name === "jobId") {
    const theirs = pick(person.deadLetters) ?? "1";
    return {
      theirs: { value: theirs, sent: [theirs] },
      nobodys: { value: "987654321", sent: ["987654321"] },
      own: undefined,
    };
  }
  // Only in queries does a slug, an address or a name look something up.
  const column = { slug: "slug", email: "email", key: "key", name: "name", providerOrgId: "provider_org_id" }[
    slot.name
  ];
  const hidden =
    column && person.forbidden.find((one) => one.table_name === owner && one.column_name === column)?.value;
  if (!hidden || !owner || slot.path.length > 1) return undefined;
  const made = hidden.replace(/\d{5}/, "99999");
  return {
    theirs: { value: hidden, sent: [hidden] },
    nobodys: { value: made, sent: [made] },
    own: undefined,
  };
}

/** A value that stands in a hidden row of the list's table, and one like it that stands nowhere. */
export function hiddenValue(
  person: Person,
  { table, column, scalar }: { table: string | undefined; column: string; scalar: string },
  tables: ReadonlySet<string>,
): { hidden: string; made: string } | undefined {
  if (!table) return undefined;
  if (scalar === "UUID") {
    const named = column === "id" ? table : tableOfSlot({ name: column } as Slot, tables, table);
    const hidden = named && person.foreign.get(named)?.[0];
    return hidden ? { hidden, made: randomUUID() } : undefined;
  }
  const snake = column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const hidden = person.forbidden.find((one) => one.table_name === table && one.column_name === snake)?.value;
  if (!hidden || !["String", "BigInt", "MoneyMinor", "Email", "PhoneNumber"].includes(scalar))
    return undefined;
  return { hidden, made: hidden.replace(/\d{5}(?=\D*$)/, "99999") };
}
