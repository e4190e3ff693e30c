-- Test: count_treatment_assignment - an assignment is used of the service plan that lapses first, as it stands once everything that is due has been done; or of the one that is named. EXE-03, CAT-06, CAT-08.
begin;
select plan(10);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan(plan, 1, 0) from unnest('{knee,hip,back,neck}'::text[]) plan;
select tests.plan('monthly', 10, 365, assignments => 1), tests.plan('bought', 10, 300, assignments => 5), tests.plan('massages', 10);
select tests.tier('gold'), tests.includes('gold', 'monthly');
select tests.subscribed('ana', 'gold'), tests.has_plan('ana', 'bought'), tests.has_plan('bogdan', 'massages');
create function pg_temp.counted(patient text, plan text, service_plan uuid default null) returns text language sql as $$
  select p.name from app_public.assign_treatment_plan(tests.id(patient || ' at atlas'), tests.id(plan), (app_hidden.now() at time zone 'Europe/Bucharest')::date, patient_service_plan_id => service_plan) e
  left join app_public.patient_service_plans s on s.id = e.patient_service_plan_id left join app_public.service_plans p on p.id = s.service_plan_id
$$;
create function pg_temp.left_of(plan text) returns int language sql security definer as $$ select tests.left_of('ana', plan, 'treatment_plan_assignments') $$;

select tests.act_as('adrian');
select is(pg_temp.counted('ana', 'knee'), 'monthly', 'what lapses first is used first');
select is(pg_temp.left_of('monthly'), 0, 'the month has one');
select is(pg_temp.counted('ana', 'hip'), 'bought', 'then what was bought');
select tests.freeze_time('2027-04-02 10:00+03');
select is(pg_temp.counted('ana', 'back'), 'monthly', 'a month later the subscription has one again, whoever asks first');
select results_eq($$select pg_temp.left_of('monthly'), pg_temp.left_of('bought')$$, $$values (0, 4)$$, 'and it is that one which is used');
select is(pg_temp.counted('ana', 'neck', tests.id('ana''s bought')), 'bought', 'or the one that is named');
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
select * from tests.refuses($$select pg_temp.counted('bogdan', 'knee', tests.id('bogdan''s massages'))$$, 'ENTITLEMENT_EXHAUSTED', 'not_in_a_plan', 'a plan that is named and has none is not passed over, though sessions from home are open');
select is(pg_temp.counted('bogdan', 'knee'), null, 'without naming one nothing is counted then');
select is((select count(*) from app_public.patient_treatment_plans where patient_profile_id = tests.id('bogdan')), 1::bigint, 'and he has the plan');
select * from finish();
rollback;
