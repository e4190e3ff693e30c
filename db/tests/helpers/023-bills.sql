-- Tiers, subscriptions and usage in one line each, for tests of what is billed. Rows are written straight into the tables, past their
-- triggers: how they come to be is tested elsewhere.

create or replace function tests.bill_meter(key text, aggregation text) returns void
language sql volatile security definer
as $$
  insert into app_public.meters (key, unit, aggregation, is_standing, can_be_hard, description, description_ro)
  values (bill_meter.key, 'unit', bill_meter.aggregation, false, false, initcap(bill_meter.key), initcap(bill_meter.key))
  on conflict do nothing;
$$;

create or replace function tests.bill_id(name text) returns uuid
language sql immutable
as $$
  select overlay(overlay(md5(bill_id.name) placing '8' from 13) placing '8' from 17)::uuid
$$;

-- limits: {"sms_messages": [100, 12.5]}, or null for what is without limit, or "hard" in the third place.
create or replace function tests.bill_tier(
  name text, monthly bigint, limits jsonb default '{}', annual bigint default null, setup bigint default 0, markup int default 3000,
  currency text default 'RON', tenancy text default 'shared'
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id constant uuid := tests.bill_id('version of ' || bill_tier.name);
begin
  perform set_config('session_replication_role', 'replica', true);
  insert into app_public.platform_tiers (id, slug, names, place)
  values (tests.bill_id(bill_tier.name), 'test-' || md5(bill_tier.name), jsonb_build_object('en', bill_tier.name, 'ro', bill_tier.name), 100);
  insert into app_public.platform_tier_versions (id, tier_id, version, ai_markup_basis_points, trial_days, published_at)
  values (v_id, tests.bill_id(bill_tier.name), 1, bill_tier.markup, 30, now());
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount, setup_amount)
  values (v_id, bill_tier.currency, bill_tier.tenancy, bill_tier.monthly, coalesce(bill_tier.annual, bill_tier.monthly * 10), bill_tier.setup);
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_id, l.key, coalesce(l.value ->> 2, 'soft'), (l.value ->> 0)::bigint
  from jsonb_each(bill_tier.limits) as l;
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_id, l.key, bill_tier.currency, (l.value ->> 1)::numeric
  from jsonb_each(bill_tier.limits) as l where l.value ->> 1 is not null;
  perform set_config('session_replication_role', 'origin', true);
  return tests.remember(bill_tier.name, v_id);
end;
$$;

comment on function tests.bill_tier is 'A published version of a tier; tests.id(name) is the version.';

-- Months from a day on; the first ones may be a trial.
create or replace function tests.bill_subscription(
  clinic text, tier text, starts_on date, months int default 1, cadence text default 'monthly', trial_months int default 0,
  timezone text default 'Europe/Bucharest', tenancy text default 'shared', provider text default 'manual', currency text default 'RON'
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id constant uuid := uuidv7();
  v_clinic constant uuid := tests.id(bill_subscription.clinic);
begin
  perform set_config('session_replication_role', 'replica', true);
  insert into app_public.organization_billing
    (organization_id, legal_name, street, city, county, postal_code, country, registration_number, billing_email, currency, timezone, cadence)
  values (v_clinic, bill_subscription.clinic || ' SRL', 'Strada Lungă 1', 'Brașov', 'Brașov', '500001', 'RO', 'J08/1/2020',
          'billing@' || bill_subscription.clinic || '.test', bill_subscription.currency, bill_subscription.timezone, bill_subscription.cadence)
  on conflict do nothing;
  insert into app_public.organization_subscriptions
    (id, organization_id, status, tier_version_id, tenancy_mode, cadence, currency, timezone, provider, anchor_on)
  values (v_id, v_clinic, 'active', tests.id(bill_subscription.tier), bill_subscription.tenancy, bill_subscription.cadence,
          bill_subscription.currency, bill_subscription.timezone, bill_subscription.provider, bill_subscription.starts_on);
  perform set_config('session_replication_role', 'origin', true);
  perform tests.remember('subscription of ' || bill_subscription.clinic, v_id);
  perform tests.bill_change(bill_subscription.clinic, bill_subscription.tier, bill_subscription.starts_on);
  perform tests.bill_periods(bill_subscription.clinic, bill_subscription.months, bill_subscription.trial_months);
  return v_id;
end;
$$;

comment on function tests.bill_subscription is
  'A clinic subscribes from a day on; tests.id(''month 1 of atlas'') is its first period, its details are in place.';

create or replace function tests.bill_periods(clinic text, months int, trial_months int default 0) returns void
language plpgsql volatile security definer
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select * into strict v_subscription from app_public.organization_subscriptions where id = tests.id('subscription of ' || clinic);
  perform set_config('session_replication_role', 'replica', true);
  insert into app_public.billing_periods (id, organization_id, subscription_id, position, starts_on, ends_on, during, is_trial)
  select tests.remember(format('month %s of %s', n, clinic), uuidv7()), v_subscription.organization_id, v_subscription.id, n,
    days.starts_on, days.ends_on,
    tstzrange(days.starts_on::timestamp at time zone v_subscription.timezone, days.ends_on::timestamp at time zone v_subscription.timezone),
    n <= bill_periods.trial_months
  from generate_series(1, bill_periods.months) as n
  cross join lateral (
    select (v_subscription.anchor_on + make_interval(months => n - 1))::date as starts_on,
      (v_subscription.anchor_on + make_interval(months => n))::date as ends_on) as days;
  perform set_config('session_replication_role', 'origin', true);
end;
$$;

create or replace function tests.bill_change(clinic text, tier text, starts_on date) returns void
language plpgsql volatile security definer
as $$
begin
  perform set_config('session_replication_role', 'replica', true);
  insert into app_public.organization_subscription_tiers (organization_id, subscription_id, position, starts_on, tier_version_id)
  select tests.id(clinic), tests.id('subscription of ' || clinic), 1 + count(*), bill_change.starts_on, tests.id(tier)
  from app_public.organization_subscription_tiers as t
  where t.subscription_id = tests.id('subscription of ' || clinic);
  perform set_config('session_replication_role', 'origin', true);
end;
$$;

comment on function tests.bill_change is 'The tier that a clinic has from a day on.';

-- Told now; the key is new where none is given.
create or replace function tests.bill_use(
  clinic text, meter text, quantity numeric, occurred_at timestamptz, key text default null, subject uuid default null
) returns bigint
language sql volatile security definer
as $$
  select (app_private.record_usage(tests.id(clinic), meter, 'test', coalesce(key, gen_random_uuid()::text), quantity, occurred_at, subject)).position;
$$;

-- An AI call with a cost that is known already, exact and in minor units.
create or replace function tests.bill_ai(clinic text, cost numeric, occurred_at timestamptz, currency text default 'RON') returns void
language plpgsql volatile security definer
as $$
declare
  v_record app_public.usage_records;
begin
  v_record := app_private.record_usage(tests.id(clinic), 'ai_calls', 'test', gen_random_uuid()::text, 1, bill_ai.occurred_at, null);
  perform set_config('session_replication_role', 'replica', true);
  insert into app_public.ai_calls (organization_id, usage_record_id, model, units, occurred_at, currency, cost, priced_position)
  values (v_record.organization_id, v_record.id, 'test', '{}', v_record.occurred_at, bill_ai.currency, bill_ai.cost, v_record.position);
  perform set_config('session_replication_role', 'origin', true);
end;
$$;

create or replace function tests.bill_close(clinic text, month int) returns app_public.invoices
language sql volatile security definer
as $$
  select app_private.close_period(tests.id(clinic), tests.id(format('month %s of %s', month, clinic)));
$$;

create or replace function tests.bill_open(clinic text, month int) returns app_public.invoices
language sql volatile security definer
as $$
  select app_private.open_period_invoice(tests.id(clinic), tests.id(format('month %s of %s', month, clinic)));
$$;

-- Its lines as "kind amount", in their order.
-- Volatile, so that it sees what was billed in the same statement.
create or replace function tests.bill_lines_of(invoice uuid) returns text[]
language sql volatile security definer
as $$
  select coalesce(array_agg(concat_ws(' ', l.kind, l.meter, l.quantity, 'x', l.unit_price, '=', l.amount) order by l.position), '{}')
  from app_public.invoice_lines l where l.invoice_id = bill_lines_of.invoice;
$$;

create or replace function tests.bill_days_of(invoice uuid) returns text[]
language sql volatile security definer
as $$
  select array_agg(concat_ws(' ', l.kind, l.starts_on, l.ends_on) order by l.position)
  from app_public.invoice_lines l where l.invoice_id = bill_days_of.invoice;
$$;
