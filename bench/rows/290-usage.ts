import type pg from "pg";
import { median, type Row } from "../row.ts";

const clinic = "bench_id('usage')";

/** A clinic in the middle of its billing period, and a table with the columns and indexes of usage and nothing else. */
const furniture = `
  set session_replication_role = replica;
  insert into app_public.organizations (id, slug, name, activated_at) values (${clinic}, 'usage', 'Usage', now());
  insert into app_public.organization_subscriptions (id, organization_id, status, tier_version_id, cadence, currency, timezone, provider, anchor_on)
  select ${clinic}, ${clinic}, 'active', versions.id, 'monthly', 'RON', 'Europe/Bucharest', 'manual', current_date
  from app_public.platform_tier_versions as versions
  join app_public.platform_tiers as tiers on tiers.id = versions.tier_id and tiers.slug = 'pro';
  insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
  select ${clinic}, ${clinic}, n, current_date - 15 + 30 * (n - 12), current_date + 15 + 30 * (n - 12),
    tstzrange(now() + make_interval(days => 30 * (n - 12) - 15), now() + make_interval(days => 30 * (n - 12) + 15))
  from generate_series(1, 12) as n;
  reset session_replication_role;
  create table bare_usage (like app_public.usage_records including all);
  grant insert on bare_usage to app_engine;
  ${timed("recorded", `perform app_private.record_usage(${clinic}, 'sms_messages', 'messages', key, 1, now())`)};
  ${timed(
    "inserted",
    `insert into public.bare_usage (organization_id, position, meter, source, key, quantity, occurred_at)
     values (${clinic}, place, 'sms_messages', 'messages', key, 1, now())`,
  )}`;

/**
 * FND-24. What a use adds to the transaction in which it happens, as the functions of the domain record it: the record, its position and
 * the summary of the period. So the server's clock is read around the call, in a function as those that record usage are: there is neither
 * the round trip of a statement of its own nor the commit of a transaction of its own, which a use does not have. Each use is the first of
 * its transaction, which is when PL/pgSQL prepares its expressions. The floor inserts the same row into a table with the same indexes and
 * nothing else, and is measured alike. Both take turns, so that both have the same machine.
 */
export default {
  claim: "usage recorded, with its position and the summary of its period",
  unit: "ms",
  goal: { atMost: 0.3 },
  async measure(bench) {
    await bench.admin.query(furniture);
    const uses = bench.short ? 20 : 3_000;
    const recorded: number[] = [];
    const bare: number[] = [];
    for (let n = -100; n < uses; n++) {
      const use = await inTransaction(bench.admin, "recorded", n);
      const insert = await inTransaction(bench.admin, "inserted", n);
      if (n >= 0) {
        recorded.push(use);
        bare.push(insert);
      }
    }
    const { rows } = await bench.admin.query(
      `select count(*)::int as records, max(position)::int as last,
         (select sum(quantity)::int from app_public.usage_summaries where organization_id = ${clinic}) as summed,
         (select count(*)::int from app_private.usage_differences(${clinic})) as differences
       from app_public.usage_records where organization_id = ${clinic}`,
    );
    const { records, last, summed, differences } = rows[0];
    return {
      measured: median(recorded),
      against: { what: "the same row, inserted bare", value: median(bare) },
      conditions: {
        "each is there, at a position of its own": records === 100 + uses && last === records,
        "the summary is what they add up to": summed === records && differences === 0,
      },
    };
  },
} satisfies Row;

/** A function that answers how many milliseconds a statement took, by the server's clock. */
function timed(name: string, statement: string): string {
  return `
    create function timed_${name}(key text, place bigint) returns float language plpgsql as $$
    declare
      began timestamptz := clock_timestamp();
    begin
      ${statement};
      return 1000 * extract(epoch from clock_timestamp() - began);
    end $$`;
}

async function inTransaction(client: pg.Client, name: string, n: number): Promise<number> {
  await client.query("begin; set local role app_engine");
  const { rows } = await client.query({
    name,
    text: `select timed_${name}($1, $2) as took`,
    values: [`message ${n}`, n],
  });
  await client.query("commit");
  return rows[0].took;
}
