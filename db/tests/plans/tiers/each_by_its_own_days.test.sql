-- Test: tiers (end_plan, accrued) - what a period had come to when its plan ends is counted by the days of its own subscription. CAT-06.
begin;
select plan(1);
select tests.freeze_time('2027-02-20 10:00+02');
select tests.clinic('atlas');
select tests.patient(n) from unnest('{ana,bogdan,carmen}'::text[]) n;
select tests.plan('thirty', 30), tests.tier('gold'), tests.includes('gold', 'thirty'), tests.subscribed('ana', 'gold');
select tests.freeze_time('2027-03-01 10:00+02'), tests.subscribed('bogdan', 'gold');
select tests.freeze_time('2027-03-08 10:00+02'), tests.subscribed('carmen', 'gold');
select tests.freeze_time('2027-03-16 10:00+02');
select app_private.end_plan(p, app_hidden.now()) from app_public.patient_service_plans p order by p.patient_profile_id = tests.id('bogdan'), p.id;
select results_eq(
  $$select s.anchor_on, e.accrued_before from app_public.patient_subscriptions s
    join app_public.patient_service_plans p on p.source_tier_subscription_id = s.id
    join app_public.patient_entitlements e on e.patient_service_plan_id = p.id order by 1$$,
  $$select a, app_private.accrued(30, a, 0, 1, '2027-03-16') from unnest('{2027-02-20,2027-03-01,2027-03-08}'::date[]) a order by 1$$,
  'each has come to the share of its own days');
select * from finish();
rollback;
