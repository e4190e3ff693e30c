import type pg from "pg";
import type { Bill, History } from "./bill_rules.ts";

export type Outcome = { bills: Bill[]; conflicts: number; problems: string[] };

/** The clinic and the meters, once for all histories; then each is one transaction that is rolled back. */
export async function prepare(client: pg.Client): Promise<void> {
  await client.query(`
    begin;
    select tests.freeze_time('2027-01-01 12:00+02'), tests.clinic('atlas');
    select tests.bill_meter('drawn', 'sum'), tests.bill_meter('held', 'max'), tests.bill_meter('kept', 'latest'),
      tests.bill_meter('sent', 'count'), tests.bill_meter('visited', 'unique');
    ${unaudited}
    commit;
    ${steps}
    ${history}
  `);
}

export async function run(client: pg.Client, given: History): Promise<Outcome> {
  await client.query("begin");
  try {
    const { rows } = await client.query("select pg_temp.history($1) as outcome", [JSON.stringify(given)]);
    // What is deferred until the end of a transaction is asked now.
    await client.query("set constraints all immediate");
    return rows[0].outcome;
  } finally {
    await client.query("rollback");
  }
}

/**
 * The audit would open a partition for every month of every history; that it follows these tables is tested elsewhere. Tiers and
 * subscriptions are written as they are: how they come to be is tested elsewhere, too. Their triggers are switched off once, since a
 * session that becomes a replica and back forgets all its plans, which was most of what a history cost.
 */
const unaudited = `
  do $$
  declare v record;
  begin
    for v in
      select tgrelid::regclass as of_table, tgname from pg_trigger
      where not tgisinternal and (tgname = '_500_audit' or tgrelid in (
        'app_public.platform_tiers'::regclass, 'app_public.platform_tier_versions'::regclass, 'app_public.platform_tier_prices'::regclass,
        'app_public.platform_tier_limits'::regclass, 'app_public.platform_overage_prices'::regclass,
        'app_public.organization_billing'::regclass, 'app_public.organization_subscriptions'::regclass))
    loop
      execute format('alter table %s disable trigger %I', v.of_table, v.tgname);
    end loop;
  end $$;`;

const steps = `
create function pg_temp.settle(subscription uuid) returns void language plpgsql as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_last app_public.billing_periods;
  v_month int;
begin
  select * into strict v_subscription from app_public.organization_subscriptions where id = subscription;
  loop
    select * into v_last from app_public.billing_periods where subscription_id = subscription order by position desc limit 1;
    exit when upper(v_last.during) > app_hidden.now();
    perform app_private.close_period(v_last.organization_id, v_last.id);
    v_month := v_last.position - (select count(*) from app_public.billing_periods where subscription_id = subscription and is_trial);
    perform pg_temp.begin_period(v_subscription, v_last.position + 1, (app_private.period_after(v_subscription, v_last)).cadence,
      (v_subscription.anchor_on + make_interval(months => v_month))::date,
      (v_subscription.anchor_on + make_interval(months => v_month + 1))::date, false);
  end loop;
end $$;
create function pg_temp.begin_period(subscription app_public.organization_subscriptions, place int, cadence text, first date, until date, trial boolean)
returns void language plpgsql as $$
declare
  v_id uuid;
begin
  insert into app_public.billing_periods (organization_id, subscription_id, position, cadence, starts_on, ends_on, during, is_trial)
  values (subscription.organization_id, subscription.id, place, cadence, first, until,
    tstzrange(first::timestamp at time zone subscription.timezone, until::timestamp at time zone subscription.timezone), trial)
  returning id into v_id;
  if not trial then
    perform app_private.open_period_invoice(subscription.organization_id, v_id);
  end if;
end $$;
create function pg_temp.be_of(subscription uuid, tier int, day date) returns void language sql as $$
  insert into app_public.organization_subscription_tiers (organization_id, subscription_id, position, starts_on, tier_version_id)
  select s.organization_id, s.id, 1 + (select count(*) from app_public.organization_subscription_tiers t where t.subscription_id = s.id), day,
    tests.bill_id('version of ' || tier)
  from app_public.organization_subscriptions s where s.id = subscription
$$;
create function pg_temp.tier(nth bigint, given jsonb, dedicated boolean) returns void language plpgsql as $$
declare
  v_id constant uuid := tests.bill_id('version of ' || nth);
begin
  insert into app_public.platform_tiers (id, slug, names, place)
  values (tests.bill_id(nth::text), 'test-' || nth, jsonb_build_object('en', nth::text, 'ro', nth::text), 100);
  insert into app_public.platform_tier_versions (id, tier_id, version, ai_markup_basis_points, trial_days, published_at)
  values (v_id, tests.bill_id(nth::text), 1, (given ->> 'markup')::int, 30, now());
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount, setup_amount)
  values (v_id, 'RON', case when dedicated then 'dedicated' else 'shared' end,
    (given ->> 'monthly')::bigint, (given ->> 'annual')::bigint, (given ->> 'setup')::bigint);
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_id, l.key, case when (l.value ->> 'hard')::boolean then 'hard' else 'soft' end, (l.value ->> 'included')::bigint
  from jsonb_each(given -> 'limits') l where jsonb_typeof(l.value) = 'object';
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_id, l.key, 'RON', (l.value ->> 'price')::numeric
  from jsonb_each(given -> 'limits') l where l.value ->> 'price' is not null;
end $$;
create function pg_temp.minutes_back(back int, zone text) returns timestamptz language sql as $$
  select ((app_hidden.now() at time zone zone) - make_interval(mins => back)) at time zone zone
$$;
create function pg_temp.take(step jsonb, subscription uuid, zone text) returns void language plpgsql as $$
declare
  v_clinic constant uuid := tests.id('atlas');
  v_today constant date := (app_hidden.now() at time zone zone)::date;
  v_ended constant boolean := (select ended_at is not null from app_public.organization_subscriptions where id = subscription);
  v_position bigint;
  v_record app_public.usage_records;
  v_call record;
begin
  if v_ended and step ->> 'do' not in ('use', 'again') then
    return;
  end if;
  case step ->> 'do'
    when 'advance' then
      perform set_config('tests.now', ((v_today + (step ->> 'days')::int + time '12:00') at time zone zone)::text, true);
      perform pg_temp.settle(subscription);
    when 'use' then
      perform app_private.record_usage(v_clinic, step ->> 'meter', 'test', step ->> 'key', (step ->> 'quantity')::numeric,
        pg_temp.minutes_back((step ->> 'back')::int, zone), md5(step ->> 'subject')::uuid);
    when 'ai' then
      v_record := app_private.record_usage(v_clinic, 'ai_calls', 'ai', gen_random_uuid()::text, 1, pg_temp.minutes_back((step ->> 'back')::int, zone));
      insert into app_public.ai_calls (organization_id, usage_record_id, model, units, occurred_at, currency, cost, priced_position)
      values (v_clinic, v_record.id, 'test', '{}', v_record.occurred_at, 'RON', (step ->> 'cost')::numeric,
        case when step ->> 'cost' is not null then v_record.position end);
    when 'price' then
      for v_call in select * from app_public.ai_calls where cost is null loop
        v_position := app_private.usage_watermark(v_clinic) + 1;
        update app_private.usage_positions set last_position = v_position where organization_id = v_clinic;
        update app_public.ai_calls set cost = (step ->> 'cost')::numeric, priced_position = v_position
        where usage_record_id = v_call.usage_record_id;
      end loop;
    when 'change' then
      perform pg_temp.be_of(subscription, (step ->> 'tier')::int, v_today);
    when 'cadence' then
      perform app_private.set_cadence(s, case when (step ->> 'annual')::boolean then 'annual' else 'monthly' end, null)
      from app_public.organization_subscriptions s where s.id = subscription;
    when 'again' then
      -- Whatever was billed is asked for once more.
      perform app_private.close_period(v_clinic, id) from app_public.billing_periods where subscription_id = subscription and closed_at is not null;
      perform app_private.open_period_invoice(v_clinic, id) from app_public.billing_periods where subscription_id = subscription and not is_trial;
    when 'cancel' then
      update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now() where id = subscription;
      perform app_private.close_period(v_clinic, id) from app_public.billing_periods where subscription_id = subscription and closed_at is null;
  end case;
end $$;`;

const history = `
create function pg_temp.history(given jsonb) returns jsonb language plpgsql as $$
declare
  v_clinic constant uuid := tests.id('atlas');
  v_zone constant text := given ->> 'zone';
  v_first constant date := date '1970-01-01' + (given ->> 'firstDay')::int;
  v_trial constant int := (given ->> 'trialDays')::int;
  v_subscription app_public.organization_subscriptions;
  v_step jsonb;
begin
  perform set_config('tests.now', ((v_first + time '12:00') at time zone v_zone)::text, true);
  perform pg_temp.tier(place - 1, t, (given ->> 'dedicated')::boolean) from jsonb_array_elements(given -> 'tiers') with ordinality as x (t, place);
  insert into app_public.organization_billing
    (organization_id, legal_name, street, city, county, country, billing_email, currency, timezone, cadence)
  values (v_clinic, 'Atlas SRL', 'Strada', 'Oraș', 'Județ', 'RO', 'a@b.ro', 'RON', v_zone, case when (given ->> 'annual')::boolean then 'annual' else 'monthly' end);
  insert into app_public.organization_subscriptions
    (id, organization_id, status, tier_version_id, tenancy_mode, cadence, currency, timezone, provider, anchor_on)
  values (uuidv7(), v_clinic, 'active', tests.bill_id('version of ' || (given ->> 'tier')),
    case when (given ->> 'dedicated')::boolean then 'dedicated' else 'shared' end,
    case when (given ->> 'annual')::boolean then 'annual' else 'monthly' end, 'RON', v_zone, 'manual', v_first + v_trial)
  returning * into v_subscription;
  perform pg_temp.be_of(v_subscription.id, (given ->> 'tier')::int, v_first);
  if v_trial > 0 then
    perform pg_temp.begin_period(v_subscription, 1, null, v_first, v_first + v_trial, true);
  else
    perform pg_temp.begin_period(v_subscription, 1, null, v_first, (v_first + interval '1 month')::date, false);
  end if;
  for v_step in select jsonb_array_elements(given -> 'steps') loop
    perform pg_temp.take(v_step, v_subscription.id, v_zone);
  end loop;
  return jsonb_build_object(
    'bills', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'kind', b.kind, 'period', p.position - 1, 'net', b.net_amount::text, 'carried', b.carried_after::text, 'invoiced', i.net_amount::text,
        'lines', (select coalesce(jsonb_agg(jsonb_build_array(l ->> 'kind', l ->> 'meter', l ->> 'amount') order by place), '[]')
                  from jsonb_array_elements(b.lines) with ordinality as x (l, place))) order by b.position), '[]')
      from app_public.period_bills b
      join app_public.billing_periods p on p.id = b.period_id
      left join app_public.invoices i on i.id = b.invoice_id),
    'conflicts', (select count(*) from app_public.usage_conflicts),
    'problems', (
      select coalesce(jsonb_agg(problem), '[]') from (
        select d.problem || ' ' || coalesce(d.expected::text, '') || ' ' || coalesce(d.found::text, '') as problem from app_private.verify_bills(v_clinic) as d
        union all select 'a number is missing' from app_private.verify_numbers()
        union all select 'a document is not balanced' from app_private.postings group by document_id having sum(amount) <> 0
        union all select 'a counter differs' from app_private.events where name = 'billing_period.usage_differs'
        union all select 'an invoice has not its lines' from app_public.invoices i
          where i.net_amount <> (select sum(l.amount) from app_public.invoice_lines l where l.invoice_id = i.id)
      ) as problems));
end $$;`;
