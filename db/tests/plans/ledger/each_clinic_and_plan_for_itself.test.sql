-- Test: debit_entitlement, due_patient_plans, has_access - of somebody who is a patient of two clinics each counts its own; what is over then is not used; what was ended is not due. CAT-04, CAT-06, CAT-08.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal');
select tests.patient('ana');
select tests.plan('theirs', 5, 10, library => true);
select tests.has_plan('ana', 'theirs');
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('bogdan');
select tests.plan('ten days', 5, 10), tests.plan('later', 5);
create function pg_temp.use(visit text, at timestamptz default null) returns text language sql as $$
  select sp.name from app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', tests.remember(visit, uuidv7()), null, at) d
  join app_public.patient_entitlements e on e.id = d.patient_entitlement_id
  join app_public.patient_service_plans p on p.id = e.patient_service_plan_id join app_public.service_plans sp on sp.id = p.service_plan_id $$;
select * from tests.refuses($$select pg_temp.use('visit')$$, 'ENTITLEMENT_EXHAUSTED', 'not_in_a_plan', 'what was bought elsewhere is not used here');
select ok(not app_hidden.has_access(tests.id('atlas'), tests.id('ana at atlas'), 'library_access'), 'and opens nothing here');
select ok(app_hidden.has_access(tests.id('boreal'), tests.id('ana at boreal'), 'library_access'), 'but there');
insert into app_public.access_grants (organization_id, patient_profile_id, access, reason) values (tests.id('boreal'), tests.id('ana'), 'telerehab_access', 'Asked'), (tests.id('atlas'), tests.id('bogdan'), 'library_access', 'Asked');
select ok(not app_hidden.has_access(tests.id('atlas'), tests.id('ana at atlas'), 'telerehab_access'), 'nor does what was opened there by hand');
select ok(not app_hidden.has_access(tests.id('boreal'), tests.id('ana at boreal'), 'anything_else'), 'or anything else');
select ok(not app_hidden.has_access(tests.id('atlas'), tests.id('bogdan at atlas'), 'telerehab_access'), 'what was opened is what is open');

select tests.has_plan('ana', 'ten days'), tests.has_plan('ana', 'later');
select is(pg_temp.use('on the last second', '2027-03-11 09:59:59+02'), 'ten days', 'what lapses first is used, until it is over');
select is(pg_temp.use('at its end', '2027-03-11 10:00+02'), 'later', 'and not for what comes then');
select is(pg_temp.use('after it', '2027-03-12 10:00+02'), 'later', 'or later');

select tests.freeze_time('2027-03-11 09:59:59+02');
select is_empty('select * from app_private.due_patient_plans(5)', 'nobody''s plan is over yet');
select tests.freeze_time('2027-03-11 10:00+02');
select tests.has_plan('bogdan', 'ten days');
select results_eq('select organization_id, patient_profile_id from app_private.due_patient_plans(5) order by 1', $$select unnest(array[tests.id('boreal'), tests.id('atlas')]), tests.id('ana') order by 1$$, 'whose plans are over is due');
select tests.settle_plans('ana');
select results_eq('select organization_id, patient_profile_id from app_private.due_patient_plans(5)', $$values (tests.id('boreal'), tests.id('ana'))$$, 'settled at one clinic, it is due at the other alone');
update app_public.patient_service_plans set ended_at = app_hidden.now() where service_plan_id = tests.id('theirs');
select is_empty('select * from app_private.due_patient_plans(5)', 'what has ended is not due');
update app_public.organizations set deleted_at = app_hidden.now(), library_access_is_free = true where id = tests.id('atlas');
select ok(not app_hidden.has_access(tests.id('atlas'), tests.id('bogdan at atlas'), 'library_access'), 'a clinic that is gone opens nothing');
-- What would be lost first is used first, of two that a tier brings.
update app_public.organizations set deleted_at = null where id = tests.id('atlas');
select tests.patient('dan'), tests.plan('kept', 3), tests.plan('lapses', 3), tests.tier('gold'), tests.includes('gold', 'kept', carry_over => true), tests.includes('gold', 'lapses'), tests.subscribed('dan', 'gold');
select app_private.debit_entitlement(tests.id('atlas'), tests.id('dan'), 'sessions', 'appointment', uuidv7());
select is(tests.left_of('dan', 'kept') || ' ' || tests.left_of('dan', 'lapses'), '3 2', 'what is carried over waits');
select tests.freeze_time((select settle_at - interval '1 second' from app_public.patient_subscriptions where patient_profile_id = tests.id('dan')));
select is_empty($$select * from app_private.due_patient_plans(5) where patient_profile_id = tests.id('dan')$$, 'a month is not over too early');
select tests.freeze_time((select settle_at from app_public.patient_subscriptions where patient_profile_id = tests.id('dan')));
select isnt_empty($$select * from app_private.due_patient_plans(5) where patient_profile_id = tests.id('dan')$$, 'and is at its end');
select * from finish();
rollback;
