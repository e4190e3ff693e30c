-- What clinics subscribe to, in one line each. What is made belongs to the clinic that was made last.

create or replace function tests.offered_tier(
  name text, trial_days int default 0, monthly bigint default 0, annual bigint default 0, currency text default 'RON',
  offered boolean default true, version int default 1
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_tier uuid := (select t.id from app_public.platform_tiers t where t.slug = offered_tier.name);
  v_version uuid;
begin
  if v_tier is null then
    insert into app_public.platform_tiers (slug, names, place, is_offered)
    values (offered_tier.name, jsonb_build_object('ro', offered_tier.name, 'en', offered_tier.name), 90, offered_tier.offered)
    returning id into v_tier;
  end if;
  insert into app_public.platform_tier_versions (tier_id, version, trial_days)
  values (v_tier, offered_tier.version, offered_tier.trial_days)
  returning id into v_version;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount)
  values (v_version, offered_tier.currency, 'shared', offered_tier.monthly, offered_tier.annual);
  update app_public.platform_tier_versions set published_at = app_hidden.now() where id = v_version;
  perform tests.remember(offered_tier.name || ' v' || offered_tier.version, v_version);
  return tests.remember(offered_tier.name, v_tier);
end;
$$;

comment on function tests.offered_tier(text, int, bigint, bigint, text, boolean, int) is
  'A tier with one published version, or one more version of it; it costs nothing, unless said, so that no bill comes of it. tests.id(name) is the tier, tests.id(''name v1'') the version.';

create or replace function tests.billing_details(
  clinic text default null, timezone text default 'Europe/Bucharest', currency text default 'RON', complete boolean default true
) returns void
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(billing_details.clinic);
begin
  if not exists (select from app_private.data_keys k where k.organization_id = v_clinic and k.version = 1) then
    perform tests.data_key((select o.slug from app_public.organizations o where o.id = v_clinic), 1);
  end if;
  insert into app_public.organization_billing
    (organization_id, legal_name, street, city, county, country, registration_number, tax_id, tax_id_last_four, billing_email,
     currency, timezone, cadence)
  select o.id, o.name || ' SRL', 'Strada Lungă 1', 'Cluj-Napoca', 'Cluj', 'RO',
         case when billing_details.complete then 'J12/34/2020' end, case when billing_details.complete then tests.envelope(1) end,
         case when billing_details.complete then '5678' end,
         'billing@' || o.slug || '.test', billing_details.currency, billing_details.timezone, 'monthly'
  from app_public.organizations o where o.id = v_clinic;
end;
$$;

comment on function tests.billing_details(text, text, text, boolean) is 'As whom a clinic is billed.';

-- With the functions of the domain, so that there is what a verb would have made.
create or replace function tests.clinic_subscribed(tier text, cadence text default 'monthly', clinic text default null, status text default null)
returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(clinic_subscribed.clinic);
  v_subscription app_public.organization_subscriptions;
begin
  insert into app_public.organization_subscriptions
    (organization_id, status, tier_version_id, cadence, currency, timezone, provider)
  select v_clinic, 'pending', v.id, clinic_subscribed.cadence, b.currency, b.timezone, 'manual'
  from app_public.platform_tier_versions v
  join app_public.organization_billing b on b.organization_id = v_clinic
  where v.tier_id = tests.id(clinic_subscribed.tier) and v.published_at is not null
  order by v.version desc limit 1
  returning * into v_subscription;
  if clinic_subscribed.status is distinct from 'pending' then
    v_subscription := app_private.begin_organization_subscription(v_subscription);
  end if;
  if clinic_subscribed.status = 'past_due' or clinic_subscribed.status = 'suspended' then
    v_subscription := app_private.set_subscription_state(v_subscription, clinic_subscribed.status, null);
  elsif clinic_subscribed.status = 'canceled' then
    v_subscription := app_private.end_organization_subscription(v_subscription, null);
  end if;
  return tests.remember('subscription of ' || (select o.slug from app_public.organizations o where o.id = v_clinic), v_subscription.id);
end;
$$;

comment on function tests.clinic_subscribed(text, text, text, text) is
  'A clinic on a tier, as a verb would have left it, and then in this status. tests.id(''subscription of atlas'') is the subscription.';

create sequence if not exists tests.bill_numbers;

-- Straight into the table: what bills come to is tested elsewhere; here it counts by when they are to be paid.
create or replace function tests.bill(
  name text, due_on date, kind text default 'period', period int default null, clinic text default null, status text default 'issued',
  amount bigint default 10000
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  perform set_config('session_replication_role', 'replica', true);
  insert into app_public.invoices
    (organization_id, subscription_id, period_id, kind, status, series, number, currency, net_amount, provider, inputs, inputs_hash,
     usage_position, billed_to, issued_at, due_on)
  select s.organization_id, s.id, p.id, bill.kind, bill.status, 'TEST', nextval('tests.bill_numbers'), s.currency, bill.amount, 'manual', '{}',
         '\x00', 0, '{}', app_hidden.now(), bill.due_on
  from app_public.organization_subscriptions s
  join app_public.billing_periods p on p.subscription_id = s.id
  where s.organization_id = tests.clinic_id(bill.clinic) and s.status <> 'canceled'
    and p.position = coalesce(bill.period, (select max(l.position) from app_public.billing_periods l where l.subscription_id = s.id))
  returning id into strict v_id;
  perform set_config('session_replication_role', 'origin', true);
  perform app_private.invoice_changed(tests.clinic_id(bill.clinic), v_id);
  return tests.remember(bill.name, v_id);
end;
$$;

comment on function tests.bill(text, date, text, int, text, text, bigint) is
  'A bill of the clinic''s live subscription, of its last period unless another is named, and what follows of it.';

create or replace function tests.pays(bill text) returns void
language plpgsql volatile security definer
as $$
begin
  perform set_config('session_replication_role', 'replica', true);
  update app_public.invoices set status = 'paid', paid_amount = net_amount, payment_state = 'paid', paid_at = app_hidden.now()
  where id = tests.id(pays.bill);
  perform set_config('session_replication_role', 'origin', true);
  perform app_private.invoice_changed(organization_id, id) from app_public.invoices where id = tests.id(pays.bill);
end;
$$;

comment on function tests.pays(text) is 'A bill is paid, and what follows of it.';

-- The clock, as the task: everything that is due, however often it has become due since.
create or replace function tests.settle_subscriptions() returns int
language plpgsql volatile security definer
as $$
declare
  v_due record;
  v_settled int := 0;
begin
  for v_due in select * from app_private.due_subscriptions(1000) loop
    perform app_private.settle_subscription(v_due.organization_id, v_due.subscription_id);
    v_settled := v_settled + 1;
  end loop;
  return v_settled;
end;
$$;

comment on function tests.settle_subscriptions() is 'Does what time has made due of all subscriptions; how many were due.';

create or replace function tests.standing(clinic text default null) returns text
language sql stable security definer
as $$
  select s.status || coalesce(' until ' || s.cancels_on, '')
  from app_public.organization_subscriptions s where s.organization_id = tests.clinic_id(standing.clinic) order by s.id desc limit 1;
$$;

comment on function tests.standing(text) is 'How the subscription of the clinic stands: "past_due until 2027-04-01".';

-- What the clock does until an instant, each time at the very moment that something is due: "2027-04-16 00:00 past_due".
create or replace function tests.until(at timestamptz, timezone text default 'Europe/Bucharest') returns setof text
language plpgsql volatile security definer
as $$
declare
  v_next timestamptz;
  v_before text := tests.standing();
begin
  loop
    select min(s.settle_at) into v_next from app_public.organization_subscriptions s where s.settle_at <= until.at;
    exit when v_next is null;
    perform tests.freeze_time(v_next);
    perform tests.settle_subscriptions();
    if exists (select from app_public.organization_subscriptions s where s.settle_at <= v_next) then
      raise exception 'what was settled at % is due again', v_next;
    end if;
    if tests.standing() is distinct from v_before then
      v_before := tests.standing();
      return next to_char(v_next at time zone until.timezone, 'YYYY-MM-DD HH24:MI') || ' ' || v_before;
    end if;
  end loop;
  perform tests.freeze_time(until.at);
end;
$$;

comment on function tests.until(timestamptz, text) is 'Moves the clock on through everything that becomes due, and says when the subscription moved.';
