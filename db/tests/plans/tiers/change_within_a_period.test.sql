-- Test: tiers (change_subscription_tier, provide, provide_tier, end_plan, accrued, give) - a change within a period gives the share of the days that are left, or all of it; whatever cuts a period, the
-- shares add up, and going to and fro brings nothing. CAT-05, CAT-06.
begin;
select plan(30);
select tests.freeze_time('2027-04-01 10:00+03');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('vera'), tests.patient('dan'), tests.patient('elena');
select tests.plan('sessions', 1), tests.plan('full', 1), tests.plan('only gold', 1, library => true), tests.plan('only silver', 6);
select tests.tier('silver'), tests.tier('gold'), tests.tier('silver too'), tests.tier('yearly', 'year'), tests.tier('gone');
select tests.includes('silver', 'sessions', quantity => 4), tests.includes('silver', 'full', quantity => 4, prorate => false), tests.includes('silver', 'only silver');
select tests.includes('silver too', 'sessions', quantity => 4), tests.includes('silver too', 'full', quantity => 4, prorate => false), tests.includes('silver too', 'only silver');
select tests.includes('gold', 'sessions', quantity => 10), tests.includes('gold', 'full', quantity => 10, prorate => false), tests.includes('gold', 'only gold', quantity => 6);
select tests.includes('yearly', 'sessions', 'year', 12);
update app_public.patient_tiers set is_active = false where id = tests.id('gone');
create function pg_temp.go(patient text, tier text, on_day int default null) returns text language plpgsql as $$
begin
  if on_day is not null then perform tests.freeze_time(make_timestamptz(2027, 4, on_day, 12, 0, 0, 'Europe/Bucharest')); end if;
  return (app_public.change_subscription_tier(s.id, tests.id(tier))).status from app_public.patient_subscriptions s where s.patient_profile_id = tests.id(patient);
end $$;
create function pg_temp.uses(patient text, plan text, n int) returns void language sql security definer as $$
  select app_private.write_entry(e, 'debit', -1, app_hidden.now(), subject_kind => 'appointment', subject_id => uuidv7())
  from app_public.patient_service_plans p join app_public.patient_entitlements e on e.patient_service_plan_id = p.id, generate_series(1, n)
  where p.patient_profile_id = tests.id(patient) and p.service_plan_id = tests.id(plan);
$$;
select tests.subscribed(who, 'silver') from unnest('{ana,bogdan,vera,dan,elena}'::text[]) who;

select tests.act_as('stefan');
select * from tests.refuses($$select app_public.change_subscription_tier(tests.id('ana''s silver'), tests.id('gold'))$$, 'FORBIDDEN', 'permission_missing', 'who may only look changes nothing');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.change_subscription_tier(tests.id('ana''s silver'), tests.id('gone'))$$, 'NOT_FOUND', 'patient_tier_not_found', 'nor does anybody go to a tier that is not offered');

-- Half of April: 2 of 4, and 5 of 10.
select is(pg_temp.go('ana', 'gold', 16), 'active', 'up in the middle of the month');
select is(tests.ledger('ana', 'sessions'), '{grant 4 = 4,grant 3 = 7}', '2 of the days until then and 5 of those that are left, of which 4 are there');
select is(tests.ledger('ana', 'full'), '{grant 4 = 4,grant 6 = 10}', 'or all that the tier gives');
select is(tests.ledger('ana', 'only gold'), '{grant 3 = 3}', 'of what is new the share that is left');
select is(tests.ledger('ana', 'only silver'), '{grant 6 = 6,expire 6 = 0}', 'what the tier does not bring has ended');
select ok(app_hidden.has_access(tests.id('atlas'), tests.id('ana at atlas'), 'library_access'), 'what the new one opens is open');
select is(pg_temp.go('ana', 'gold'), 'active', 'to the tier that it is');
select is((select count(*) from app_public.entitlement_entries l join app_public.patient_entitlements e on e.id = l.patient_entitlement_id join app_public.patient_service_plans p on p.id = e.patient_service_plan_id where p.patient_profile_id = tests.id('ana')), 7::bigint, 'changes nothing');
select is(tests.events_of(tests.id('ana''s silver')), '{patient_subscription.pending,patient_subscription.active,patient_subscription.tier_changed}', 'the change is an event');
select is(pg_temp.go('ana', 'silver', 16), 'active', 'and back on the same day');
select is((tests.ledger('ana', 'sessions'))[3:], '{expire 3 = 4}', 'is as if nothing had been');
select is((tests.ledger('ana', 'only silver'))[3:], '{grant 6 = 6}', 'what had ended is there again, once');
select is((tests.ledger('ana', 'only gold'))[2:], '{expire 3 = 0}', 'and what came has gone');
select ok(not app_hidden.has_access(tests.id('atlas'), tests.id('ana at atlas'), 'library_access'), 'with what it opened');

-- Every day to and fro between two that give the same.
select pg_temp.go('bogdan', case when day % 2 = 0 then 'silver too' else 'silver' end, day) from generate_series(2, 29) as day;
select is((select sum(l.quantity) from app_public.entitlement_entries l join app_public.patient_entitlements e on e.id = l.patient_entitlement_id join app_public.patient_service_plans p on p.id = e.patient_service_plan_id where p.patient_profile_id = tests.id('bogdan') and p.service_plan_id = tests.id('sessions')), 4::bigint, 'cut every day, a month comes to what one tier gives');
select is(tests.left_of('bogdan', 'full'), 4, 'in full or by days');

-- What was used is not taken back, and counts for what comes.
select tests.freeze_time('2027-04-01 12:00+03'), pg_temp.uses('vera', 'sessions', 4);
select is(pg_temp.go('vera', 'gold', 16), 'active', 'who has used all of it');
select is(tests.left_of('vera', 'sessions'), 3, 'gets what the month comes to, less what was used');
select pg_temp.uses('vera', 'sessions', 3);
select is(pg_temp.go('vera', 'silver', 16), 'active', 'and goes back with nothing left');
select is(tests.left_of('vera', 'sessions'), 0, 'never below zero');
select is(pg_temp.go('vera', 'gold', 16), 'active', 'and forth again');
select is(tests.left_of('vera', 'sessions'), 0, 'without another session');

-- Another length of time: from the month that runs, by its days.
select is(pg_temp.go('dan', 'yearly', 16), 'active', 'from months to years');
select results_eq($$select e.per_period, app_public.patient_entitlements_balance(e), e.period_ends_at from app_public.patient_entitlements e join app_public.patient_service_plans p on p.id = e.patient_service_plan_id where p.patient_profile_id = tests.id('dan') and p.service_plan_id = tests.id('sessions')$$,
  $$values (12, 14, timestamptz '2028-04-01 00:00+03')$$, '2 of half a month, and 12 less the share of fifteen days');
select is((select billing_period from app_public.patient_subscriptions where patient_profile_id = tests.id('dan')), 'month', 'what runs is billed to its end');
select tests.freeze_time('2027-05-01 00:00+03'), tests.settle_plans('dan');
select is((select billing_period from app_public.patient_subscriptions where patient_profile_id = tests.id('dan')), 'year', 'and then by the year');
select * from finish();
rollback;
