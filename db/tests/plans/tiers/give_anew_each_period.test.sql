-- Test: tiers (begin_month, close_entitlement_period, open_period, provide_tier, entitlements_of, open_plans_of) - given when it begins, renewed by months, dropped or carried over; a second time changes nothing. CAT-05, CAT-06, FND-21.
begin;
select plan(27);
select tests.freeze_time('2027-01-31 10:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana'), tests.patient('bogdan');
select tests.plan('drops', 2, assignments => 1), tests.plan('carries', 3), tests.plan('yearly', 4), tests.plan('bought', 10), tests.plan('open', null);
select tests.tier('silver');
select tests.includes('silver', 'drops', quantity => 2), tests.includes('silver', 'carries', carry_over => true),
       tests.includes('silver', 'yearly', 'year'), tests.includes('silver', 'open');
select tests.has_plan('ana', 'bought');

select tests.act_as('adrian');
select tests.remember('silver of ana', (app_public.start_subscription(tests.id('ana at atlas'), tests.id('silver'))).id);
select results_eq(
  $$select status, anchor_on, period_starts_at, period_ends_at from app_public.patient_subscriptions$$,
  $$values ('active', date '2027-01-31', timestamptz '2027-01-31 00:00+02', timestamptz '2027-02-28 00:00+02')$$, 'it begins today, and its month ends with February');
select is(tests.ledger('ana', 'drops'), '{grant 4 = 4}', 'twice what the plan counts');
select is(tests.ledger('ana', 'drops', 'treatment_plan_assignments'), '{grant 2 = 2}', 'of everything that it counts');
select is(tests.ledger('ana', 'carries'), '{grant 3 = 3}', 'another plan');
select is(tests.ledger('ana', 'yearly'), '{grant 4 = 4}', 'and what is for a year');
select is((select count(*) from app_public.patient_entitlements e join app_public.patient_service_plans p on p.id = e.patient_service_plan_id where p.service_plan_id = tests.id('open')), 0::bigint, 'a plan of time counts nothing');
select is((select array_agg(p.source_tier_subscription_id = tests.id('silver of ana') order by p.service_plan_id) from app_public.patient_service_plans p where p.service_plan_id <> tests.id('bought')), '{t,t,t,t}', 'each says of which subscription it is');
select is(tests.events_of(tests.id('silver of ana')), '{patient_subscription.pending,patient_subscription.active}', 'both moves are events');

select tests.act_as('the database');
select is((select count(*) from app_public.entitlement_entries), 5::bigint, 'five grants');
select app_private.provide_tier(s, app_hidden.now()) from app_public.patient_subscriptions s;
select tests.settle_plans('ana');
select is((select count(*) from app_public.entitlement_entries), 5::bigint, 'provided and settled again, the ledger is as it was');

select app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', uuidv7());
select is(tests.left_of('ana', 'drops'), 3, 'what lapses first is used first');

-- The end of February, then of March: from the 31st each time.
select tests.freeze_time('2027-02-27 23:59+02'), tests.settle_plans('ana');
select is((select count(*) from app_public.entitlement_entries), 6::bigint, 'not a minute before');
select tests.freeze_time('2027-02-28 00:00+02'), tests.settle_plans('ana');
select is(tests.ledger('ana', 'drops'), '{grant 4 = 4,debit 1 = 3,expire 3 = 0,grant 4 = 4}', 'what was not used lapses');
select is(tests.ledger('ana', 'carries'), '{grant 3 = 3,expire 3 = 0,carry 3 = 3,grant 3 = 6}', 'or goes over');
select is(tests.ledger('ana', 'yearly'), '{grant 4 = 4}', 'a year is not over');
select is(tests.left_of('ana', 'bought'), 10, 'and what was bought is not touched');
select results_eq($$select period_starts_at, period_ends_at from app_public.patient_subscriptions$$,
  $$values (timestamptz '2027-02-28 00:00+02', timestamptz '2027-03-31 00:00+03')$$, 'the next month ends on the 31st, in summer time');
select tests.settle_plans('ana');
select is((select count(*) from app_public.entitlement_entries), 13::bigint, 'settled again, nothing');

-- An outage: what two workers would have written at their times.
select tests.subscribed('bogdan', 'silver');
select tests.freeze_time('2028-02-29 09:00+02');
select tests.act_as('the worker');
select is((select count(*) from app_private.due_patient_plans(10)), 2::bigint, 'both are due after a year');
select count(app_private.settle_due_plans(organization_id, patient_profile_id)) from app_private.due_patient_plans(10);
select is((select count(*) from app_private.due_patient_plans(10)), 0::bigint, 'and then nobody');
select tests.act_as('the database');
select is(tests.left_of('ana', 'carries'), 42, 'fourteen months were given and none used');
select is(tests.left_of('ana', 'drops'), 4, 'or the last alone');
select is((tests.ledger('ana', 'yearly'))[2:], '{expire 4 = 0,grant 4 = 4}', 'the year was renewed once');
select is((select array_agg(distinct (l.effective_at at time zone 'Europe/Bucharest')::time) from app_public.entitlement_entries l where l.entry <> 'debit' and l.number > 1), '{00:00:00}', 'each as of the midnight it was due');
select is((select sum(quantity) from app_public.entitlement_entries), (select sum(app_public.patient_entitlements_balance(e)) from app_public.patient_entitlements e), 'what is left is the sum of all entries');
select is((select count(*) from (select 1 from app_public.entitlement_entries where entry = 'grant' and key like 'period:%' group by key having count(*) > 1) d), 0::bigint, 'no period was given twice');
select is((select period_ends_at from app_public.patient_subscriptions where id = tests.id('silver of ana')), '2028-03-31 00:00+03', 'and still from the 31st');
select * from finish();
rollback;
