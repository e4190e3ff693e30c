import { type GraphQLEnumType, getNamedType, isInputObjectType } from "grafast/graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inParts, isList, keyOf, nodeOf, rootFields } from "./crossing/operations.ts";
import { openWorld, type Person, type World } from "./crossing/world.ts";
import { type Json, refusalOf } from "./support.ts";

let world: World;

/**
 * Every table gets rows enough for several pages, and each of these columns that may be null is null in half of the rows, also
 * where a rule of the table would tie it to another column. What the rows say is no matter here, only their order.
 */
const manyRowsWithNulls = (columns: string[]): string => `
  set session_replication_role = replica;
  create function pg_temp.another(type oid, alias text) returns text language sql as $$
    select case when type = 'uuid'::regtype then 'to_jsonb(uuidv7())'
                when type = 'text'::regtype then format('to_jsonb(%s || n)', alias)
                when type = 'bytea'::regtype then 'to_jsonb(extensions.gen_random_bytes(32))'
                when type = 'timestamptz'::regtype then 'to_jsonb(now() + n * interval ''1 minute'')'
                when type = 'date'::regtype then 'to_jsonb(current_date + n)'
                when type = 'time'::regtype then 'to_jsonb(time ''08:00'')'
                else 'to_jsonb(n)' end $$;
  do $$
  declare
    v_rule record;
    v_table record;
    v_column record;
  begin
    for v_rule in select conrelid::regclass as table_name, conname from pg_constraint
      where contype in ('c', 'x') and conrelid <> 0 and coninhcount = 0
        and connamespace in ('app_public'::regnamespace, 'audit'::regnamespace) loop
      execute format('alter table %s drop constraint %I', v_rule.table_name, v_rule.conname);
    end loop;
    for v_table in
      select t.name, t.oid from tests.app_tables t
      where t.nspname = 'app_public' and cardinality(tests.primary_key_of(t.oid)) >= 1
    loop
      begin
        execute format(
          'insert into %1$s overriding system value '
          'select (jsonb_populate_record(null::%1$s, to_jsonb(r) || jsonb_build_object(%2$s))).* '
          'from (select * from %1$s x order by to_jsonb(x) ->> ''deleted_at'' nulls first limit 6) r, generate_series(1, 5) n',
          v_table.name,
          (select string_agg(format('%L, %s', a.attname, pg_temp.another(a.atttypid, format('r.%I', a.attname))), ', ')
           from pg_attribute a
           where a.attrelid = v_table.oid and a.attnum > 0 and not a.attisdropped and a.attname not in ('organization_id', 'locale', 'channel', 'action')
             and exists (select from pg_index i where i.indrelid = v_table.oid and i.indisunique and a.attnum = any (i.indkey))));
      exception when others then null; -- the rows that are there must do
      end;
      for v_column in
        select attname, atttypid, attgenerated from pg_attribute
        where attrelid = v_table.oid and attnum > 0 and not attnotnull and not attisdropped
          and attname = any ('{${columns.join()}}')
      loop
        begin
          execute format(
            'update %1$s t set %2$I = (jsonb_populate_record(t, jsonb_build_object(%3$L, '
            '  case when n / 2 %% 2 = 0 then null else coalesce(to_jsonb(t.%2$I), %4$s) end))).%2$I '
            'from (select ctid, row_number() over (order by ctid)::int as n from %1$s) o where o.ctid = t.ctid',
            v_table.name, v_column.attname, v_column.attname, pg_temp.another(v_column.atttypid, '''v''::text'));
        exception when others then null; -- generated from others
        end;
      end loop;
    end loop;
  end $$;
  reset session_replication_role`;

beforeAll(async () => {
  world = await openWorld("every table gets rows of its own, with rules of the tables put aside");
  const columns = orders().map(({ order }) =>
    order
      .replace(/_(ASC|DESC)$/, "")
      .toLowerCase()
      .replace(/_by_id$/, "_by"),
  );
  await world.api.sql(manyRowsWithNulls([...new Set(columns)]));
});
afterAll(() => world?.api.close());

type Order = { list: string; enumName: string; order: string; key: string[]; column: string | null };

/** Rows whose neighbours are asked for; a page that reaches over the last of them needs some more behind it. */
const ASKED = 12;
const LONGEST = 4;

/** Orders in which a page ended between rows. */
const withPages = new Set<string>();

/** Asks for one page after and one before each row: together these are every walk through the list. */
async function wrongPages(person: Person, { list, enumName, order, key, column }: Order): Promise<string[]> {
  const type = `[${enumName}!]`;
  const named = (node: Json): string => key.map((field) => node[field]).join(" ");
  const whole = await world.ask(
    person,
    `query ($order: ${type}) { ${list}(orderBy: $order, first: ${ASKED + LONGEST}) { edges { cursor node { ${key.join(" ")} ${column ?? ""} } } } }`,
    { order: [order] },
  );
  if (whole.body.errors) return [`${list} ${order}: ${whole.text}`];
  const rows: { cursor: string; node: Json }[] = whole.body.data[list].edges;
  const ids = rows.map(({ node }) => named(node));
  if (new Set(ids).size !== ids.length) return [`${list} ${order}: a row comes twice`];
  if (rows.length > 2) withPages.add(`${list} ${order}`);
  if (column && rows.some(({ node }) => node[column] === null)) return [`${list} ${order}: has nulls`];

  const found: string[] = [];
  for (const part of inParts([...rows.slice(0, ASKED).entries()], ASKED)) {
    const asked = part.flatMap(([at]) => {
      const size = 1 + (at % LONGEST);
      return [
        { at, arg: `first: ${size}, after: $c${at}`, meant: ids.slice(at + 1, at + 1 + size) },
        { at, arg: `last: ${size}, before: $c${at}`, meant: ids.slice(Math.max(0, at - size), at) },
      ];
    });
    const heads = part.map(([at]) => `$c${at}: Cursor`).join(", ");
    const body = asked.map(
      ({ arg }, place) => `p${place}: ${list}(orderBy: $order, ${arg}) { nodes { ${key} } }`,
    );
    const variables = Object.fromEntries(part.map(([at, { cursor }]) => [`c${at}`, cursor]));
    const answer = await world.ask(person, `query ($order: ${type}, ${heads}) { ${body.join(" ")} }`, {
      order: [order],
      ...variables,
    });
    for (const [place, { at, arg, meant }] of asked.entries()) {
      const got = answer.body.data?.[`p${place}`]?.nodes.map(named);
      if (JSON.stringify(got) !== JSON.stringify(meant))
        found.push(`${list} ${order}: ${arg.replace(/\$.*/, "")} row ${at} of ${ids.length}`);
    }
  }
  return found;
}

/** Every order of every list, with the column that it is by. */
function orders(): Order[] {
  return rootFields(world.schema, "query")
    .filter(isList)
    .flatMap((field) => {
      const arg = field.args.find(({ name }) => name === "orderBy");
      if (!arg) return [];
      const enumType = getNamedType(arg.type) as GraphQLEnumType;
      const fields = nodeOf(field).getFields();
      const key = keyOf(nodeOf(field));
      return enumType
        .getValues()
        .filter(({ name }) => name !== "NATURAL")
        .map(({ name }) => {
          const column = name
            .replace(/_(ASC|DESC)$/, "")
            .toLowerCase()
            .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
          return {
            list: field.name,
            enumName: enumType.name,
            order: name,
            key,
            column: column in fields ? column : null,
          };
        });
    });
}

describe("FND-29: paging", () => {
  it("brings each row once, in every order of every list, forward and backward, and by no column that may be null", async () => {
    const all = orders();
    expect(all.length).toBeGreaterThan(120);
    const wrong: string[] = [];
    // A page of one patient's rows is put on record, so the log is asked while nobody reads anything else.
    const isLog = ({ list }: Order) => list === "auditEntries";
    for (const part of [
      ...inParts(
        all.filter((order) => !isLog(order)),
        4,
      ),
      ...inParts(all.filter(isLog), 1),
    ])
      wrong.push(
        ...(await Promise.all(part.map((order) => wrongPages(world.person("atlas' admin"), order)))).flat(),
      );
    expect(wrong).toEqual([]);
    expect(withPages.size).toBeGreaterThan(100);
  });
});

/** What a filter that lists nothing means, beside a table of three rows (FND-29). */
describe("FND-29: a filter that lists nothing", () => {
  const every = "all";
  const none = "none";
  it.each<[filter: string, rows: string]>([
    ["{ or: [] }", none],
    ["{ and: [] }", every],
    ["{ not: { or: [] } }", every],
    ["{ not: { and: [] } }", none],
    ["{ or: [{ or: [] }] }", none],
    ["{ or: [{ and: [] }] }", every],
    ["{ and: [{ or: [] }] }", none],
    ["{ or: [], id: { isNull: false } }", none],
    ["{ and: [], id: { isNull: false } }", every],
    ["{ or: [{ or: [] }, { id: { isNull: false } }] }", every],
    ["{ not: { or: [{ and: [] }] } }", none],
    ["{ id: { in: [] } }", none],
    ["{ id: { notIn: [] } }", every],
    ["{ not: { id: { in: [] } } }", every],
    ["{ not: { id: { notIn: [] } } }", none],
    ["{ or: [{ id: { in: [] } }] }", none],
    // Optional columns too: null is in no list.
    ["{ createdById: { in: [] } }", none],
    ["{ createdById: { notIn: [] } }", every],
  ])("%s is %s of the rows, and of their number", async (filter, rows) => {
    for (const asked of [`filter: ${filter}`, "filter: $filter"]) {
      const answer = await world.ask(
        world.person("atlas' admin"),
        `query ${asked.includes("$") ? "($filter: AppointmentFilter)" : ""} {
          some: appointments(${asked}) { totalCount nodes { id } aggregates { distinctCount { id } } }
          every: appointments { totalCount } }`,
        asked.includes("$") ? { filter: inputOf(filter) } : undefined,
      );
      expect(answer.body.errors, answer.text).toBeUndefined();
      const { some, every: whole } = answer.body.data;
      expect(whole.totalCount).toBeGreaterThan(0);
      const meant = rows === none ? 0 : whole.totalCount;
      expect(some.totalCount).toBe(meant);
      expect(some.nodes).toHaveLength(Math.min(meant, 50));
      expect(Number(some.aggregates.distinctCount.id)).toBe(meant);
    }
  });

  it.each([
    "{}",
    "{ not: {} }",
    "{ or: [{}] }",
    "{ and: [{}] }",
    "{ id: {} }",
    "{ or: [{ id: {} }] }",
    "{ id: { in: null } }",
    "{ or: null }",
  ])("%s says nothing, and is refused rather than taken for everything", async (filter) => {
    for (const asked of [`filter: ${filter}`, "filter: $filter"]) {
      const answer = await world.ask(
        world.person("atlas' admin"),
        `query ${asked.includes("$") ? "($filter: AppointmentFilter)" : ""} { appointments(${asked}) { totalCount nodes { id } } }`,
        asked.includes("$") ? { filter: inputOf(filter) } : undefined,
      );
      expect(refusalOf(answer), `${asked} ${answer.text}`).toMatchObject({
        code: "VALIDATION",
        reason: "filter_is_empty",
      });
      expect(answer.body.data?.appointments ?? null).toBeNull();
    }
  });

  it("has no other way to be empty: filters go through no relation", () => {
    const names = Object.values(world.schema.getTypeMap())
      .filter((type) => isInputObjectType(type))
      .filter((type) => type.name.endsWith("Filter"))
      .flatMap((type) => Object.keys(type.getFields()));
    expect(names.filter((name) => /^(some|every|none|having)$/.test(name))).toEqual([]);
  });
});

/** `{ not: { or: [] } }` as the value of a variable. */
function inputOf(filter: string): unknown {
  return JSON.parse(filter.replace(/(\w+):/g, '"$1":'));
}
