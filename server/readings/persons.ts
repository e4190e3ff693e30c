import type { PgCodec, PgRegistry, PgResource } from "postgraphile/@dataplan/pg";
import { sql } from "postgraphile/pg-sql2";

/** The column that names a patient, wherever a row says whom it is about. */
const PERSON = "patient_profile_id";
const TENANT = "organization_id";

type Fragment = ReturnType<typeof sql.identifier>;

/** How a row says which patient it is about, and at which clinic; the clinic is null where it names none. */
export type WhoseRow = {
  person(alias: Fragment): Fragment;
  clinic(alias: Fragment): Fragment | null;
  /** False where the patient is looked up through another row. */
  isOwnColumn: boolean;
  /** What the rows are called, for the record. */
  name: string;
};

/**
 * What rows say about patients, by codec. Codecs are objects of one schema, so one map serves every schema of the
 * process.
 */
const known = new WeakMap<PgCodec, WhoseRow>();
const names = new Set<string>();

function keep(codec: PgCodec, whose: WhoseRow): void {
  known.set(codec, whose);
  names.add(whose.name);
}

/** Null where rows are about no patient, or name none. */
export function whoseRow(codec: PgCodec): WhoseRow | null {
  return known.get(codec) ?? null;
}

/**
 * Finds every kind of row that is about one patient (FND-08), from the keys of the database alone, so that a new table
 * is known the day it is there: the patients' own tables; what has the column patient_profile_id, results of functions
 * included; and what hangs on one of those, such as a file on its appointment, by a foreign key or by being the one row
 * that such a row names; and what cannot be without a row of those, such as an entry of a ledger without what it counts.
 */
export function learnWhoseRows(registry: PgRegistry): void {
  const resources = Object.values(registry.pgResources) as PgResource[];
  const codecs = new Set(resources.map(({ codec }) => codec).filter(({ attributes }) => attributes));

  for (const codec of codecs) {
    const column = nameOf(codec) === "patient_profiles" ? "id" : own(codec);
    if (column) {
      keep(codec, {
        person: (alias) => sql`${alias}.${sql.identifier(column)}`,
        clinic: clinicOf(codec),
        isOwnColumn: true,
        name: nameOf(codec),
      });
    }
  }
  const direct = new Set([...codecs].filter((codec) => known.has(codec)));
  // A row that names nobody is about whom the row that came of it is about: a request, once it is an appointment.
  for (const codec of direct) {
    const column = own(codec);
    if (column === null || codec.attributes?.[column]?.notNull) continue;
    const ways = waysOf(registry, codec).filter(
      ({ remoteResource, isReferencee, localAttributes }) =>
        isReferencee && localAttributes.includes(TENANT) && own(remoteResource.codec) === PERSON,
    );
    if (ways.length > 0) keepWays(codec, ways, column);
  }
  for (const codec of codecs) {
    if (direct.has(codec)) continue;
    const ways = waysOf(registry, codec).filter(
      ({ remoteResource, isReferencee, localAttributes }) =>
        direct.has(remoteResource.codec) &&
        own(remoteResource.codec) !== null &&
        // Who a person is stays theirs; what a clinic keeps beside an appointment is about its patient.
        (!isReferencee || localAttributes.includes(TENANT)),
    );
    if (ways.length > 0) keepWays(codec, ways);
  }
  // Of tables alone: of requests, the agenda shows those that are nobody's yet.
  const tables = new Set(resources.filter(({ uniques }) => uniques.length > 0).map(({ codec }) => codec));
  let through = [...codecs].filter((codec) => known.has(codec) && !direct.has(codec));
  while (through.length > 0) {
    const before = through;
    through = [];
    for (const codec of tables) {
      if (known.has(codec)) continue;
      const ways = waysOf(registry, codec).filter(
        ({ remoteResource, isReferencee, localAttributes }) =>
          before.includes(remoteResource.codec) &&
          !isReferencee &&
          localAttributes.every((name) => codec.attributes?.[name]?.notNull),
      );
      if (ways.length === 0) continue;
      keepWays(codec, ways);
      through.push(codec);
    }
  }
}

type Way = {
  remoteResource: PgResource;
  isUnique: boolean;
  isReferencee?: boolean;
  localAttributes: readonly string[];
  remoteAttributes: readonly string[];
};

/** By what a row leads to one other row. */
function waysOf(registry: PgRegistry, codec: PgCodec): Way[] {
  const relations = Object.values(registry.pgRelations[codec.name] ?? {}) as unknown as Way[];
  return relations.filter(({ isUnique }) => isUnique);
}

/** A row is about whom it names itself, where it may and does; else whom the rows are about that it leads to. */
function keepWays(codec: PgCodec, ways: Way[], column?: string): void {
  const persons = (alias: Fragment) => [
    ...(column === undefined ? [] : [sql`${alias}.${sql.identifier(column)}`]),
    ...ways.map(({ remoteResource, localAttributes, remoteAttributes }) => {
      const other = sql.identifier(Symbol("whose"));
      const pairs = remoteAttributes.map(
        (attribute, place) =>
          sql`${other}.${sql.identifier(attribute)} = ${alias}.${sql.identifier(String(localAttributes[place]))}`,
      );
      const person = (known.get(remoteResource.codec) as WhoseRow).person(other);
      return sql`(select ${person} from ${remoteResource.from as Fragment} as ${other} where ${sql.join(pairs, " and ")})`;
    }),
  ];
  keep(codec, {
    person: (alias) => sql`coalesce(${sql.join(persons(alias), ", ")})`,
    clinic: clinicOf(codec),
    isOwnColumn: false,
    name: nameOf(codec),
  });
}

/** The column of a row itself that names the patient; in the audit log it may name somebody else, which harms nothing. */
function own(codec: PgCodec): string | null {
  const attributes = codec.attributes ?? {};
  return PERSON in attributes ? PERSON : nameOf(codec) === "audit_entries" ? "person_id" : null;
}

function clinicOf(codec: PgCodec): WhoseRow["clinic"] {
  return codec.attributes && TENANT in codec.attributes
    ? (alias) => sql`${alias}.${sql.identifier(TENANT)}`
    : () => null;
}

function nameOf(codec: PgCodec): string {
  return codec.extensions?.pg?.name ?? codec.name;
}

/** For the test that asks whether any kind of row was forgotten. */
export function namesOfWhoseRows(): string[] {
  return [...names];
}
