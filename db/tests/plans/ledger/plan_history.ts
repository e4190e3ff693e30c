import type pg from "pg";
import type { Line, Step, Tier } from "./plan_rules.ts";

export type Outcome = {
  said: string[];
  ledgers: Record<string, Line[]>;
  subscriptions: [string, number, number][];
};
/** A step that is not compared: it is there to show that it changes nothing. */
export type Taken = Step & { quiet?: true };

/** The clinic, the patient and the plans, once for all histories; then each is one transaction that is rolled back. */
export async function prepare(client: pg.Client): Promise<void> {
  await client.query(`
    begin;
    select tests.freeze_time('2027-01-01 12:00+02'), tests.clinic('atlas');
    select tests.staff('adrian', 'admin'), tests.patient('ana');
    select tests.plan('0', 2), tests.plan('1', 3), tests.plan('2', 1, assignments => 2), tests.plan('3', 3, 20);
    ${unaudited}
    commit;
    select set_config('app.principal_id', tests.id('adrian')::text, false), set_config('tests.clinic', 'atlas', false);
    ${step}
    ${history}
  `);
}

export async function run(
  client: pg.Client,
  tiers: Tier[],
  firstDay: number,
  steps: Taken[],
): Promise<Outcome> {
  await client.query("begin");
  try {
    const { rows } = await client.query("select pg_temp.history($1, $2, $3) as outcome", [
      JSON.stringify(tiers),
      firstDay,
      JSON.stringify(steps),
    ]);
    return rows[0].outcome;
  } finally {
    await client.query("rollback");
  }
}

/** The audit would open a partition for every month of every history; that it follows these tables is tested elsewhere. */
const unaudited = [
  "patient_subscriptions",
  "patient_service_plans",
  "patient_entitlements",
  "patient_tiers",
  "patient_tier_inclusions",
]
  .map((table) => `alter table app_public.${table} disable trigger _500_audit;`)
  .join("\n");

const step = `
create function pg_temp.take(step jsonb) returns text language plpgsql as $$
declare
  v_ana constant uuid := tests.id('ana');
  v_clinic constant uuid := tests.id('atlas');
  v_subject constant uuid := ('00000000-0000-8000-8000-' || lpad(coalesce(step ->> 'subject', '0'), 12, '0'))::uuid;
  v_latest constant uuid := (select id from app_public.patient_subscriptions order by id desc limit 1);
  v_entry app_public.entitlement_entries;
begin
  case step ->> 'do'
    when 'advance' then
      perform set_config('tests.now', (((current_setting('tests.now')::timestamptz at time zone 'Europe/Bucharest')
        + make_interval(days => (step ->> 'days')::int)) at time zone 'Europe/Bucharest')::text, true);
    when 'settle' then
      perform app_private.settle_patient_plans(v_clinic, v_ana);
    when 'edit' then
      perform app_private.settle_patient_plans(v_clinic, v_ana);
      delete from app_public.patient_tier_inclusions where tier_id = tests.id('tier ' || (step ->> 'tier')) and service_plan_id = tests.id(step ->> 'plan');
      perform pg_temp.include((step ->> 'tier')::int, (step ->> 'plan')::int, step -> 'terms');
    when 'buy' then
      perform app_public.enrol_patient(tests.id('ana at atlas'), tests.id('3'));
    when 'start' then
      perform app_public.start_subscription(tests.id('ana at atlas'), tests.id('tier ' || (step ->> 'tier')), step ->> 'status',
        case step ->> 'status' when 'trialing' then pg_temp.midnight_in((step ->> 'trialDays')::int) end);
    when 'debit' then
      v_entry := app_private.debit_entitlement(v_clinic, v_ana, step ->> 'kind', 'appointment', v_subject);
      return pg_temp.name_of(v_entry.patient_entitlement_id);
    when 'restore' then
      v_entry := app_private.restore_entitlement(v_clinic, step ->> 'kind', 'appointment', v_subject);
      return coalesce(pg_temp.name_of(v_entry.patient_entitlement_id), 'nothing');
    else
      if v_latest is null then
        return 'nobody';
      end if;
      case step ->> 'do'
        when 'move' then
          perform app_public.move_subscription(v_latest, step ->> 'to', null, case step ->> 'to' when 'trialing' then pg_temp.midnight_in(10) end);
        when 'tier' then
          perform app_public.change_subscription_tier(v_latest, tests.id('tier ' || (step ->> 'tier')));
        when 'ends' then
          perform app_public.end_subscription_on(v_latest, pg_temp.midnight_in((step ->> 'days')::int));
      end case;
  end case;
  return 'ok';
exception when sqlstate 'RX402' or sqlstate 'RX403' or sqlstate 'RX409' or sqlstate 'RX412' then
  return sqlerrm;
end $$;
create function pg_temp.midnight_in(days int) returns timestamptz language sql as $$
  select ((app_hidden.now() at time zone 'Europe/Bucharest')::date + days)::timestamp at time zone 'Europe/Bucharest'
$$;
create function pg_temp.include(tier int, plan int, terms jsonb) returns void language sql as $$
  select tests.includes('tier ' || tier, plan::text, case (terms ->> 'period')::int when 1 then 'month' when 3 then 'quarter' else 'year' end,
    (terms ->> 'quantity')::int, (terms ->> 'carry')::boolean, (terms ->> 'prorate')::boolean)
  where jsonb_typeof(terms) = 'object'
$$;
create function pg_temp.name_of(entitlement uuid) returns text language sql as $$
  select case when p.source_tier_subscription_id is null
      then 'bought ' || (select count(*) from app_public.patient_service_plans b where b.source_tier_subscription_id is null and b.id < p.id)
      else (select count(*) from app_public.patient_subscriptions s where s.id < p.source_tier_subscription_id) || ':' || sp.name end
    || ':' || e.kind
  from app_public.patient_entitlements e
  join app_public.patient_service_plans p on p.id = e.patient_service_plan_id
  join app_public.service_plans sp on sp.id = p.service_plan_id
  where e.id = entitlement
$$;`;

const history = `
create function pg_temp.day(at timestamptz) returns int language sql immutable as $$
  select (at at time zone 'Europe/Bucharest')::date - date '1970-01-01'
$$;
create function pg_temp.history(tiers jsonb, first_day int, steps jsonb) returns jsonb language plpgsql as $$
declare
  v_step jsonb;
  v_said text;
  v_all jsonb := '[]';
begin
  perform set_config('tests.now', ((date '1970-01-01' + first_day + time '12:00') at time zone 'Europe/Bucharest')::text, true);
  for tier in 0 .. jsonb_array_length(tiers) - 1 loop
    perform tests.tier('tier ' || tier, case (tiers -> tier ->> 'billing')::int when 1 then 'month' when 3 then 'quarter' else 'year' end);
    for plan in 0 .. 2 loop
      perform pg_temp.include(tier, plan, tiers -> tier -> 'includes' -> plan);
    end loop;
  end loop;
  for v_step in select jsonb_array_elements(steps) loop
    v_said := pg_temp.take(v_step);
    if v_step -> 'quiet' is null then
      v_all := v_all || to_jsonb(v_said);
    end if;
  end loop;
  perform app_private.settle_patient_plans(tests.id('atlas'), tests.id('ana'));
  if exists (
    select from app_public.patient_entitlements e
    where app_public.patient_entitlements_balance(e) is distinct from coalesce((
      select sum(l.quantity)::int from app_public.entitlement_entries l where l.patient_entitlement_id = e.id), 0)
  ) then
    raise exception 'a balance is not the sum of its entries';
  end if;
  return jsonb_build_object(
    'said', v_all,
    'ledgers', coalesce((
      select jsonb_object_agg(pg_temp.name_of(e.id), coalesce((
        select jsonb_agg(jsonb_build_array(l.entry, l.quantity, l.balance, pg_temp.day(l.effective_at), pg_temp.day(l.period_starts_at)) order by l.number)
        from app_public.entitlement_entries l where l.patient_entitlement_id = e.id), '[]'))
      from app_public.patient_entitlements e), '{}'),
    'subscriptions', coalesce((
      select jsonb_agg(jsonb_build_array(s.status, right(t.name, 1)::int, s.month) order by s.id)
      from app_public.patient_subscriptions s join app_public.patient_tiers t on t.id = s.tier_id), '[]'));
end $$;`;
