-- Test: admit_patient - a profile is a patient of a clinic once; who was removed comes back as the same patient. FND-07, FND-10, FND-14.
begin;
select plan(8);
select tests.clinic('atlas');
select tests.patient('bogdan', account => false);
select tests.patient('ana', account => false);
select tests.remember('patient', tests.id('ana at atlas'));
select is((app_private.admit_patient(tests.id('atlas'), tests.id('ana'))).id, tests.id('patient'), 'who is a patient is that patient');
select is(tests.events_of(tests.id('patient')), '{}', 'which is no news');
update app_public.patients set deleted_at = now() where id = tests.id('patient');
select is((app_private.admit_patient(tests.id('atlas'), tests.id('ana'))).id, tests.id('patient'), 'who was removed comes back as the same');
select is((select deleted_at from app_public.patients where id = tests.id('patient')), null, 'and is active');
select is(tests.events_of(tests.id('patient')), '{patient.onboarded,patient.profile_completed}', 'with events');
select tests.clinic('boreal');
select isnt((app_private.admit_patient(tests.id('boreal'), tests.id('ana'))).id, tests.id('patient'), 'at another clinic it is another patient');
select is((select count(*) from app_public.patients), 3::bigint, 'three in all, with somebody else');
select is((app_private.admit_patient(tests.id('atlas'), tests.id('ana'))).id, tests.id('patient'), 'at the first they are who they were');
select * from finish();
rollback;
