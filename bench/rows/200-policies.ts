import type pg from "pg";
import { grownClinics } from "../growth.ts";
import { asCaller, type Bench, median, type Row } from "../row.ts";

/** Fewer rows than this say nothing about how a policy is planned. */
const enough = 10_000;

type Table = { name: string; predicate: string };

/**
 * FND-29. A page of every table with the tenant column, under its policies and for the superuser with the predicate that
 * they come to; what is shown is the table that does worst. What the caller may do is asked before, as by the statements
 * that come first in a request.
 */
export default {
  claim: "page under policies, the worst table",
  unit: "ms",
  goal: { ratioAtMost: 2 },
  async measure(bench) {
    const clinic = (await grownClinics(bench)).at(-1);
    const [client, tables] = [await bench.connect(), await grownTables(bench)];
    const caller = {
      principalId: clinic?.staffId as string,
      organizationId: clinic?.organizationId as string,
    };
    const page = ({ name, predicate }: Table) => ({
      name: `page of ${name}`,
      text: `select id from ${name} where organization_id = $1 and ${predicate} order by organization_id, id limit 50`,
      values: [caller.organizationId],
    });
    const found: { name: string; ours: number; bare: number }[] = [];
    for (const table of tables) {
      const [ours, bare]: [number[], number[]] = [[], []];
      for (let run = -6; run < (bench.short ? 1 : 25); run++) {
        await asCaller(client, caller, async () => {
          const statement = page({ ...table, predicate: "true" });
          await client.query(statement);
          const took = await timed(client, statement);
          if (run >= 0) ours.push(took);
        });
        const took = await timed(bench.admin, page(table));
        if (run >= 0) bare.push(took);
      }
      found.push({ name: table.name.replace("app_public.", ""), ours: median(ours), bare: median(bare) });
    }
    const [worst] = found.sort((a, b) => b.ours / b.bare - a.ours / a.bare);
    if (!worst) throw new Error("no table has rows enough");
    return {
      measured: worst.ours,
      against: {
        what: `with the predicate alone: ${worst.name}, of ${found.length} tables`,
        value: worst.bare,
      },
    };
  },
} satisfies Row;

async function timed(client: pg.Client, statement: pg.QueryConfig): Promise<number> {
  const began = performance.now();
  await client.query(statement);
  return performance.now() - began;
}

async function grownTables({ admin, short }: Bench): Promise<Table[]> {
  const { rows } = await admin.query(
    `select c.oid::regclass::text as name,
            case when exists (select from pg_attribute d where d.attrelid = c.oid and d.attname = 'deleted_at')
              then 'deleted_at is null' else 'true' end as predicate
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and a.attnotnull
     join pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
     where c.relnamespace = 'app_public'::regnamespace and c.relkind = 'r' and c.reltuples >= $1
       and has_column_privilege('app_member', c.oid, i.attnum, 'select')
     order by 1`,
    [short ? 100 : enough],
  );
  return rows;
}
