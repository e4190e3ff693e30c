-- Test: merging - plans, subscriptions and what was opened go to the patient who is kept, and back; two live subscriptions are for staff to sort out. FND-34, CAT-04, FND-21.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana', account => false), tests.patient('ana again', account => false);
select tests.plan('ten', 10, library => true), tests.plan('monthly', 2, telerehab => true);
select tests.tier('gold'), tests.includes('gold', 'monthly');
select tests.has_plan('ana again', 'ten');
select tests.subscribed('ana', 'gold'), tests.subscribed('ana again', 'gold');
insert into app_public.access_grants (organization_id, patient_profile_id, access, reason) values (tests.id('atlas'), tests.id('ana again'), 'library_access', 'Asked for it');
select app_private.debit_entitlement(tests.id('atlas'), tests.id('ana again'), 'sessions', 'appointment', tests.id('ana'));
create function pg_temp.may(access text) returns boolean language sql as $$ select app_hidden.has_access(tests.id('atlas'), tests.id('ana at atlas'), access) $$;

select tests.act_as('adrian');
select * from tests.refuses($$select app_public.merge_patients(tests.id('ana at atlas'), tests.id('ana again at atlas'), 'One person')$$, 'CONFLICT', 'both_subscribed', 'both subscribe: nobody knows which is paid');
select is((app_public.move_subscription(tests.id('ana''s gold'), 'canceled')).status, 'canceled', 'one is ended');
select ok(not pg_temp.may('telerehab_access'), 'and closed');
select tests.remember('merge', (app_public.merge_patients(tests.id('ana at atlas'), tests.id('ana again at atlas'), 'One person')).id);
select is((select count(*) from app_public.patient_subscriptions where patient_profile_id = tests.id('ana')), 2::bigint, 'the subscription is of the one who is kept');
select is((select count(*) from app_public.patient_service_plans where patient_profile_id = tests.id('ana')), 3::bigint, 'with the plans that it brings, and what was bought');
select is((select count(*) from app_public.access_grants where patient_profile_id = tests.id('ana')), 1::bigint, 'and what was opened by hand');
select is(array[pg_temp.may('library_access'), pg_temp.may('telerehab_access')], '{t,t}', 'it is all open');
select is(tests.left_of('ana', 'ten') + tests.left_of('ana', 'monthly'), 11, 'with what is left of it');
select tests.act_as('the database');
select is((app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', tests.id('ana'))).number, 2, 'what was used stays used');
select is((app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', uuidv7())).quantity, -1, 'and the rest can be used');
select tests.freeze_time('2027-04-01 00:00+03'), tests.settle_plans('ana');
select is((select max(month) from app_public.patient_subscriptions where patient_profile_id = tests.id('ana')), 1, 'months go on');

select tests.act_as('adrian');
select isnt((app_public.undo_patient_merge(tests.id('merge'), 'They are two')).undone_at, null, 'undone');
select is((select count(*) from app_public.patient_service_plans where patient_profile_id = tests.id('ana again')), 2::bigint, 'plans are back');
select is((select count(*) from app_public.patient_subscriptions where patient_profile_id = tests.id('ana again')), 1::bigint, 'and the subscription');
select is(array[pg_temp.may('library_access'), pg_temp.may('telerehab_access')], '{f,f}', 'and closed again for the other');
select * from finish();
rollback;
