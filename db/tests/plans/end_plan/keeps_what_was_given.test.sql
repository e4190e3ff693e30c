-- Test: end_plan - of a tier's plan that ends within its period it is kept what came to it; of a period that was not given, as its payment is awaited, nothing. CAT-06, CAT-08.
begin;
select plan(2);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('bogdan');
select tests.plan('monthly', 10), tests.tier('gold'), tests.includes('gold', 'monthly');
select tests.subscribed('ana', 'gold'), tests.subscribed('bogdan', 'gold');
select app_private.set_subscription_status(s, 'past_due', app_hidden.now()) from app_public.patient_subscriptions s where s.id = tests.id('bogdan''s gold');
select tests.freeze_time('2027-04-16 00:00+03');
select tests.settle_plans('ana'), tests.settle_plans('bogdan');
select app_private.end_plan(p, app_hidden.now()) from app_public.patient_service_plans p;
create function pg_temp.kept(patient text) returns int language sql as $$
  select e.accrued_before from app_public.patient_entitlements e join app_public.patient_service_plans p on p.id = e.patient_service_plan_id
  where p.patient_profile_id = tests.id(kept.patient) and e.kind = 'sessions'
$$;
select is(pg_temp.kept('ana'), 5, 'half a month of ten');
select is(pg_temp.kept('bogdan'), 0, 'nothing of what was not given');
select * from finish();
rollback;
