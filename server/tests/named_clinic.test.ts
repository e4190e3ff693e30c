import { type GraphQLEnumType, type GraphQLField, getNamedType } from "grafast/graphql";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { inParts, isList, keyOf, nodeOf, rootFields } from "./crossing/operations.ts";
import { openWorld, type Person, type World } from "./crossing/world.ts";
import type { Json } from "./support.ts";

let world: World;
/** The administrator's, on which anybody is stood in for until the transaction is rolled back. */
let admin: pg.Client;
/** Tables with the tenant column, and the log, by the list of the API that shows them. */
let tenantLists: Map<string, string>;
beforeAll(async () => {
  world = await openWorld(
    "requests of everybody come in one after the other, each in transactions of its own",
  );
  admin = new pg.Client(world.api.adminUrl);
  await admin.connect();
  const tables = await world.api.sql(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'app_public'::regnamespace
       and (c.relkind = 'r' and a.attname = 'organization_id' and a.attnotnull or c.relkind = 'v' and a.attname = 'scope_id')`,
  );
  const names = new Set(tables.map(({ name }) => name));
  tenantLists = new Map(
    lists()
      .map(({ name }): [string, string] => [
        name,
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      ])
      .filter(([, table]) => names.has(table)),
  );
});
afterAll(async () => {
  await admin?.end();
  await world?.api.close();
});
afterEach(() => vi.restoreAllMocks());

const lists = () => rootFields(world.schema, "query").filter(isList);

type Somebody = { name: string; principal: string; clinic: string | null };

/** Everybody of the two clinics, naming no clinic and each that they may name. */
const everybody = (): Promise<Somebody[]> =>
  world.api.sql(
    `select p.name, p.principal_id as principal, clinic
     from tests.personas p
     join app_public.principals on principals.id = p.principal_id and principals.disabled_at is null
     cross join lateral (
       select null::uuid as clinic union all
       select o.id from app_public.organizations o where o.deleted_at is null and app_private.belongs_to(p.principal_id, o.id)
     ) as named
     order by p.name, clinic nulls first`,
  );

const ask = async ({ name, clinic }: Somebody, query: string): Promise<Json> => {
  const token = world.api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name });
  const answer = await world.ask({ token, ...(clinic ? { organization: clinic } : {}) } as Person, query);
  expect(answer.body.errors, `${name} ${answer.text}`).toBeUndefined();
  return answer.body.data;
};

/** What row security alone shows: the same settings, and no condition. */
async function seen({ principal, clinic }: Somebody, tables: string[]): Promise<Map<string, number>> {
  try {
    await admin.query("begin");
    await admin.query(
      "select set_config('role', 'app_member', true), set_config('app.principal_id', $1, true), set_config('app.organization_id', $2, true)",
      [principal, clinic ?? ""],
    );
    const counts = new Map<string, number>();
    // A superadmin sees every clinic's bills; who names one asks for those of that clinic.
    const { rows } = await admin.query('select app_hidden.is_superadmin() as "seesAll"');
    const named = clinic && rows[0].seesAll ? `where organization_id = '${clinic}'` : "";
    for (const table of tables) {
      const those = table === "audit_entries" ? "" : named;
      const counted = await admin.query(`select count(*) from app_public.${table} ${those}`);
      counts.set(table, Number(counted.rows[0].count));
    }
    return counts;
  } finally {
    await admin.query("rollback");
  }
}

type Sent = { text: string; values: unknown[] };

/** The statements that a query leads to. */
async function sentFor(who: Somebody, query: string): Promise<Sent[]> {
  vi.restoreAllMocks();
  const spied = vi.spyOn(pg.Client.prototype, "query");
  await ask(who, query);
  return (spied.mock.calls as unknown as [Partial<Sent> | string][]).flatMap(([statement]) =>
    typeof statement === "object" && statement.text
      ? [{ text: statement.text, values: statement.values ?? [] }]
      : [],
  );
}

describe("FND-29: a list says its clinic in its statement", () => {
  it("and shows everybody what their policies show, whether they name a clinic or not", async () => {
    const wrong: string[] = [];
    let rows = 0;
    const people = await everybody();
    expect(people.length).toBeGreaterThan(30);
    expect(tenantLists.size).toBeGreaterThan(20);
    for (const somebody of people) {
      const expected = await seen(somebody, [...tenantLists.values()]);
      for (const part of inParts([...tenantLists], 12)) {
        const data = await ask(
          somebody,
          `{ ${part.map(([list]) => `${list}(first: 100) { totalCount edges { cursor } }`).join(" ")} }`,
        );
        for (const [list, table] of part) {
          const count = expected.get(table) as number;
          rows += count;
          const { totalCount, edges } = data[list];
          // The log grows by being read.
          const isRight = table === "audit_entries" ? totalCount >= count : totalCount === count;
          if (!isRight || edges.length !== Math.min(100, totalCount))
            wrong.push(`${somebody.name} at ${somebody.clinic}, ${list}: ${totalCount} of ${count}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(rows).toBeGreaterThan(500);
  });

  it("wherever the table has the tenant column, for its pages and its counts", async () => {
    const [manager] = (await everybody()).filter(({ name, clinic }) => name === "adrian" && clinic);
    for (const list of tenantLists.keys()) {
      const sent = await sentFor(manager as Somebody, `{ ${list} { totalCount edges { cursor } } }`);
      const reading = sent.filter(({ text }) => text.includes(`."${tenantLists.get(list)}"`));
      expect(reading.length, list).toBeGreaterThanOrEqual(2);
      for (const { text, values } of reading) {
        expect(text, list).toMatch(/"(organization|scope)_id" = \$\d+::"?uuid/);
        expect(values, list).toContain(manager?.clinic);
      }
    }
  });

  it("and a patient's says whose rows they are, at the clinic and at all of them", async () => {
    for (const patient of (await everybody()).filter(({ name }) => name === "bogdan")) {
      const [page] = await sentFor(patient, "{ appointments { edges { cursor } } }").then((sent) =>
        sent.filter(({ text }) => text.includes('."appointments"')),
      );
      expect(page?.text).toContain("app_hidden.rights('people')");
    }
  });
});

/** Where an index has a column before the one that is ordered by, it is for ordering after that. */
const before: Record<string, string> = { GIVEN_NAME: "FAMILY_NAME", VERSION: "TEMPLATE_KEY" };

/** Lists in which everybody finds their own rows alone: the policy says whose. */
const own = ["inboxItems"];

type Plan = {
  "Node Type": string;
  "Index Name"?: string;
  "Parent Relationship"?: string;
  "Presorted Key"?: string[];
  Plans?: Plan[];
};
const nodesOf = (plan: Plan): string[] => [plan["Node Type"], ...(plan.Plans ?? []).flatMap(nodesOf)];
/**
 * Whether rows are sorted that an index could bring. Where it brings those of one value together, those alone may be put in the
 * order of their keys; a clinic's rows that come together are in no order yet.
 */
const isSorted = (plan: Plan, column: string): boolean =>
  plan["Node Type"] === "Sort" ||
  (plan["Node Type"] === "Incremental Sort" &&
    !plan["Presorted Key"]?.some((key) => new RegExp(`\\b${column}\\b`).test(key))) ||
  (plan.Plans ?? []).some((part) => isSorted(part, column));
/** By which index the rows come, of the plan itself and not of what is asked beside it. */
const indexOf = (plan: Plan): string | undefined =>
  plan["Index Name"] ??
  plan.Plans?.filter((part) => part["Parent Relationship"] !== "InitPlan")
    .map(indexOf)
    .find((name) => name !== undefined);

/** The plan that is left where nothing may be sorted that an index could bring in order. */
async function planOf(who: Somebody | "the superuser", { text, values }: Sent): Promise<Plan> {
  try {
    await admin.query("begin");
    for (const way of ["seqscan", "bitmapscan", "sort"]) await admin.query(`set local enable_${way} = off`);
    if (who !== "the superuser")
      await admin.query(
        "select set_config('role', 'app_member', true), set_config('app.principal_id', $1, true), set_config('app.organization_id', $2, true)",
        [who.principal, who.clinic ?? ""],
      );
    const { rows } = await admin.query(`explain (format json) ${text}`, values);
    return rows[0]["QUERY PLAN"][0].Plan;
  } finally {
    await admin.query("rollback");
  }
}

const ordersOf = (field: GraphQLField<unknown, unknown>): string[] => {
  const arg = field.args.find(({ name }) => name === "orderBy");
  return arg ? (getNamedType(arg.type) as GraphQLEnumType).getValues().map(({ name }) => name) : [];
};

describe("FND-29: a page stops where it ends", () => {
  it("in every order of every list: an index brings the rows in it, the same under policies as without", async () => {
    const [manager] = (await everybody()).filter(({ name, clinic }) => name === "adrian" && clinic);
    const sorted: string[] = [];
    const otherwise: string[] = [];
    let tried = 0;
    for (const field of lists()) {
      for (const order of ordersOf(field)) {
        const [column, way] = order.split(/_(?=ASC$|DESC$)/) as [string, string];
        const orders = before[column] ? [`${before[column]}_${way}`, order] : [order];
        const key = keyOf(nodeOf(field))[0];
        const sent = await sentFor(
          manager as Somebody,
          `{ ${field.name}(first: 5, orderBy: [${orders}]) { nodes { ${key} } } }`,
        );
        const page = sent.find(({ text }) => /limit 5/i.test(text)) as Sent;
        expect(page, `${field.name} ${order}`).toBeDefined();
        const plan = await planOf(manager as Somebody, page);
        const nodes = nodesOf(plan);
        expect(nodes, `${field.name} ${order}`).toContain("Limit");
        if (isSorted(plan, (before[column] ?? column).toLowerCase())) sorted.push(`${field.name} ${order}`);
        // What the policies come to is in the statement: they add no other way to the rows.
        if (tenantLists.has(field.name) && !own.includes(field.name)) {
          const bare = indexOf(await planOf("the superuser", page));
          if (indexOf(plan) !== bare) otherwise.push(`${field.name} ${order}: ${indexOf(plan)}, not ${bare}`);
        }
        tried++;
      }
    }
    expect(sorted).toEqual([]);
    expect(otherwise).toEqual([]);
    expect(tried).toBeGreaterThan(100);
  });
});
