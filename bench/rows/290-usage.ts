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
  grant insert on bare_usage to app_engine`;

/**
 * FND-24. What a use adds to the transaction in which it happens, as the functions of the domain record it: the record, its position and
 * the summary of the period. The floor inserts the same row into a table with the same indexes, and nothing else. Both take turns, a
 * transaction each, so that both have the same machine; the round trip to the server is in both.
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
      const use = await timed(bench.admin, {
        name: "use",
        text: `select app_private.record_usage(${clinic}, 'sms_messages', 'messages', $1, 1, now())`,
        values: [`message ${n}`],
      });
      const insert = await timed(bench.admin, {
        name: "insert",
        text: `insert into bare_usage (organization_id, position, meter, source, key, quantity, occurred_at)
               values (${clinic}, $2, 'sms_messages', 'messages', $1, 1, now())`,
        values: [`message ${n}`, n],
      });
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

async function timed(client: pg.Client, statement: pg.QueryConfig): Promise<number> {
  await client.query("begin; set local role app_engine");
  const began = performance.now();
  await client.query(statement);
  const took = performance.now() - began;
  await client.query("commit");
  return took;
}
