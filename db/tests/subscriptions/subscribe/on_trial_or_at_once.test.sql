-- Test: subscribe_organization, begin_organization_subscription, offered_tier_version, missing_of_billing - a clinic with complete billing details subscribes, on trial once; the platform says why, and may prepare. BIL-01, BIL-10.
begin;
select plan(56);
select tests.freeze_time('2027-01-31 10:30+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.offered_tier('plus', 30), tests.offered_tier('gratis'), tests.offered_tier('hidden', offered => false), tests.offered_tier('in-euro', currency => 'EUR');
with made as (insert into app_public.platform_tiers (slug, names, place, is_offered) values ('draft-tier', '{}', 91, true) returning id) select tests.remember('draft', id) from made;
create function pg_temp.try(tier text default 'plus', cadence text default 'monthly', reason text default null) returns app_public.organization_subscriptions language sql as $$
  select app_public.subscribe_organization(tests.id('atlas'), tests.id(tier), cadence, reason) $$;
create function pg_temp.missing() returns text language plpgsql as $$
declare v_detail text;
begin perform pg_temp.try(); return 'nothing'; exception when others then get stacked diagnostics v_detail = pg_exception_detail; return v_detail::jsonb ->> 'missing'; end $$;

-- Who may.
select tests.act_as('flavia');
select * from tests.refuses('select pg_temp.try()', 'FORBIDDEN', 'permission_missing', 'front desk subscribes nobody');
select tests.act_as('beata');
select * from tests.refuses('select pg_temp.try()', 'NOT_FOUND', 'not_found', 'for a stranger there is no such clinic');
select tests.act_as('root');
select * from tests.refuses('select pg_temp.try()', 'VALIDATION', 'reason_missing', 'the platform says why');
select * from tests.refuses($$select app_public.subscribe_organization(uuidv7(), tests.id('plus'), 'monthly', 'A test')$$, 'NOT_FOUND', 'not_found', 'nor of a clinic that is not there');

-- What it takes.
select tests.act_as('olga');
select * from tests.refuses('select pg_temp.try()', 'STATE', 'billing_incomplete', 'who has no billing details does not subscribe');
select is(pg_temp.missing(), '["legalName", "street", "city", "county", "country", "registrationNumber", "taxId", "billingEmail"]', 'and is told what is missing: all');
select tests.act_as('the database'); select tests.billing_details('atlas', complete => false);
select tests.act_as('olga');
select is(pg_temp.missing(), '["registrationNumber", "taxId"]', 'or what is not there yet');
select tests.act_as('root');
select is((pg_temp.try('plus', reason => ' They asked by mail ')).status, 'pending', 'the platform prepares one without');
select is((select status_reason from app_public.organization_subscriptions), 'They asked by mail', 'with its reason');
select is((select count(*) from app_public.billing_periods), 0::bigint, 'nothing has begun');
select tests.act_as('the database');
select is((select settle_at from app_public.organization_subscriptions), null, 'and nothing is due');
select is(app_private.tier_version_at(tests.id('atlas'), app_hidden.now()), null, 'it has no tier yet');
update app_public.organization_billing set registration_number = 'J12/1/2020', tax_id = tests.envelope(1), tax_id_last_four = '5678';
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.try('hidden')$$, 'NOT_FOUND', 'platform_tier_not_found', 'what is not offered is not chosen');
select * from tests.refuses($$select pg_temp.try('draft')$$, 'NOT_FOUND', 'platform_tier_not_found', 'nor what was never published');
select * from tests.refuses($$select pg_temp.try('in-euro')$$, 'VALIDATION', 'tier_has_no_price', 'nor what has no price in the currency of the clinic');
select * from tests.breaks($$select pg_temp.try('plus', 'weekly')$$, 'organization_subscriptions_cadence_is_known', 'nor by the week');

-- The pending one begins, as the clinic chooses it; on trial.
select is((pg_temp.try('plus', 'annual')).status, 'trialing', 'the clinic subscribes to what was prepared');
select results_eq(
  $$select cadence, anchor_on, trial_ends_at, currency::text, timezone, provider from app_public.organization_subscriptions$$,
  $$values ('annual', '2027-03-02'::date, '2027-03-02 00:00+02'::timestamptz, 'RON', 'Europe/Bucharest', 'manual')$$, 'thirty days, counted with today, in the billing zone');
select results_eq(
  $$select position, starts_on, ends_on, lower(during), upper(during), is_trial, closed_at from app_public.billing_periods$$,
  $$values (1, '2027-01-31'::date, '2027-03-02'::date, '2027-01-31 00:00+02'::timestamptz, '2027-03-02 00:00+02'::timestamptz, true, null::timestamptz)$$, 'they are one period');
select results_eq($$select position, starts_on, tier_version_id from app_public.organization_subscription_tiers$$, $$values (1, '2027-01-31'::date, tests.id('plus v1'))$$, 'of the tier from today on');
select * from tests.refuses($$select pg_temp.try('gratis')$$, 'CONFLICT', 'clinic_already_subscribed', 'one subscription is live');
select tests.act_as('the database');
select is(tests.events_of((select id from app_public.organization_subscriptions)), '{subscription.pending,subscription.trialing}', 'both moves are told');
select is((select settle_at from app_public.organization_subscriptions), '2027-02-23 00:00+02', 'a week before its end somebody is to be told');

-- Once in the life of a clinic.
select tests.act_as('olga');
select is((app_public.cancel_organization_subscription(tests.id('atlas'), at_period_end => false)).status, 'canceled', 'it is called off at once');
select is((pg_temp.try('plus')).status, 'active', 'and the next time there is no trial');
select results_eq(
  $$select anchor_on, trial_ends_at from app_public.organization_subscriptions where status <> 'canceled'$$, $$values ('2027-01-31'::date, null::timestamptz)$$, 'months count from today');
select results_eq(
  $$select position, starts_on, ends_on, is_trial from app_public.billing_periods order by id desc limit 1$$, $$values (1, '2027-01-31'::date, '2027-02-28'::date, false)$$, 'to the last of a month that is too short');

-- Another clinic's subscription does not exist.
select tests.act_as('beata');
select is_empty('select from app_public.organization_subscriptions', 'no subscription of another clinic');
select is_empty('select from app_public.organization_billing', 'no details');
select is_empty('select from app_public.billing_periods', 'no periods');
select is_empty('select from app_public.organization_subscription_tiers', 'no tiers');
select * from tests.refuses($$select app_public.dunning_preview(tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'no preview');
select tests.act_as('flavia');
select is_empty('select from app_public.organization_subscriptions', 'nor for a colleague without billing.view');
select tests.act_as('adrian');
select isnt_empty('select from app_public.organization_subscriptions', 'the clinic sees its own');
select throws_ok($$select settle_at from app_public.organization_subscriptions$$, '42501', null, 'without what the clock notes');
select throws_ok($$select tax_id from app_public.organization_billing$$, '42501', null, 'and the tax id by its end only');
select is((select tax_id_last_four from app_public.organization_billing), '5678', 'which it reads');
select throws_ok($$insert into app_public.organization_subscriptions (organization_id) values (uuidv7())$$, '42501', null, 'nobody writes them');
select tests.act_as('root');
select isnt_empty('select from app_public.organization_subscriptions', 'the platform sees all');
select is((app_public.cancel_organization_subscription(tests.id('atlas'), 'They closed', false)).status, 'canceled', 'and ends one, with a reason');
select is((pg_temp.try('hidden', reason => 'A special offer')).status, 'active', 'and gives a tier that is not offered');

-- A tier without a trial.
select tests.act_as('the database');
select tests.clinic('cedru'), tests.staff('cora', 'owner'), tests.billing_details('cedru');
select tests.act_as('cora');
select is((app_public.subscribe_organization(tests.id('cedru'), tests.id('gratis'), 'monthly')).status, 'active', 'the free tier is active at once');
select tests.act_as('the database');
select is(app_private.tier_version_at(tests.id('cedru'), '2027-01-31 00:00+02'), tests.id('gratis v1'), 'from the midnight of its first day');
select is(app_private.tier_version_at(tests.id('cedru'), '2027-01-30 23:59:59+02'), null, 'and not before');
select is(app_private.tier_version_at(tests.id('atlas'), '2027-01-31 12:00+02'), tests.id('hidden v1'), 'of several it is the last that began');
select * from finish();
rollback;
