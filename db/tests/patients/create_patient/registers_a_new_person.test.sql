-- Test: create_patient - front desk registers a person: a profile, a patient, an event; never somebody of another clinic. FND-07, FND-14.
begin;
select plan(11);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.act_as('flavia');
select tests.remember('patient', id), tests.remember('profile', patient_profile_id)
from app_public.create_patient(tests.id('atlas'), ' Ștefania ', ' Țurcanu ', ' Fani@People.test ', '0722 123 456', '1990-02-03');
select results_eq(
  $$select given_name, family_name, email, phone, birth_date, locale, human_id from app_public.patient_profiles$$,
  $$values ('Ștefania', 'Țurcanu', 'fani@people.test', '+40722123456', date '1990-02-03', 'ro', null::uuid)$$,
  'trimmed, lower case, in E.164, without an account');
select tests.act_as('the database');
select is(tests.events_of(tests.id('patient')), '{patient.onboarded,patient.profile_completed}', 'a patient, of whom nothing is missing');
select is((select distinct actor_id from app_private.events where subject_id = tests.id('patient')), tests.id('flavia'), 'by front desk');
select is(
  (select distinct payload from app_private.events where subject_id = tests.id('patient')),
  jsonb_build_object('patientId', tests.id('patient'), 'patientProfileId', tests.id('profile')), 'with ids and nothing else');

select tests.act_as('filip');
select tests.remember('elsewhere', patient_profile_id) from app_public.create_patient(tests.id('boreal'), 'Ștefania', 'Țurcanu', 'fani@people.test');
select isnt(tests.id('elsewhere'), tests.id('profile'), 'the same person at another clinic is another profile');
select is((select count(*) from app_public.patient_profiles), 1::bigint, 'and each clinic sees its own');
select is((select phone from app_public.patient_profiles), null, 'nothing came along from the other');
select tests.act_as('flavia');
select isnt((app_public.create_patient(tests.id('atlas'), 'Another', 'Person', 'fani@people.test', as_new_patient => true)).patient_profile_id, tests.id('profile'), 'nor are two people of one address merged');
select is((app_public.create_patient(tests.id('atlas'), 'Fără', 'Contact')).deleted_at, null, 'a name is enough');
select is((select count(*) from app_public.patients), 3::bigint, 'three patients');
select is((select (email is null and phone is null)::text from app_public.patient_profiles where given_name = 'Fără'), 'true', 'one of them without a contact');
select * from finish();
rollback;
