-- Test: add_caregiver - no evidence, no right, not this clinic's patient: no link. FND-07.
begin;
select plan(25);
select tests.clinic('boreal');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.patient('ana');
select tests.patient('removed', account => false);
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('removed');
create function pg_temp.add(patient text default 'carmen', evidence text default 'Birth certificate', relationship text default 'parent', email text default 'corina@people.test', clinic text default 'atlas')
returns app_public.caregivers language sql as $$
  select app_public.add_caregiver(tests.id(clinic), tests.id(patient), email, 'Corina', relationship, evidence);
$$;
select tests.act_as('flavia');
select * from tests.breaks($$select pg_temp.add(evidence => '')$$, 'caregivers_evidence_is_not_blank', 'no evidence');
select * from tests.breaks($$select pg_temp.add(evidence => '      ')$$, 'caregivers_evidence_is_not_blank', 'blank evidence');
select * from tests.breaks($$select pg_temp.add(evidence => repeat('x', 501))$$, 'caregivers_evidence_is_at_most_500_characters_long', 'a novel');
select * from tests.breaks($$select pg_temp.add(relationship => 'neighbour')$$, 'caregivers_relationship_is_known', 'an unknown relationship');
select * from tests.breaks($$select pg_temp.add(email => 'corina')$$, 'humans_email_is_valid', 'an address that is none');
select tests.changes_nothing($$select pg_temp.add(evidence => null)$$, 'null evidence links nobody');
select * from tests.refuses($$select pg_temp.add('dan')$$, 'NOT_FOUND', 'patient_not_found', 'a patient of another clinic');
select * from tests.refuses($$select pg_temp.add('removed')$$, 'NOT_FOUND', 'patient_not_found', 'a patient who was removed');
select * from tests.refuses($$select pg_temp.add('dan', clinic => 'boreal')$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('stefan');
select * from tests.refuses('select pg_temp.add()', 'FORBIDDEN', 'permission_missing', 'a specialist does not manage patients');
select tests.act_as('ana');
select * from tests.refuses('select pg_temp.add()', 'NOT_FOUND', 'not_found', 'a patient does not link others');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.add('ana')$$, 'FORBIDDEN', 'person_decides',
  'nor does the clinic for a patient with an account: the link would open every other clinic of theirs');
select tests.act_as('a visitor');
select * from tests.refuses(
  $$select app_public.add_caregiver(uuidv7(), uuidv7(), 'a@b.test', 'A', 'parent', 'paper')$$, '42501', null, 'a visitor cannot call it');
select * from tests.refuses(
  $$insert into app_public.caregivers (patient_profile_id, human_id, relationship) values (uuidv7(), uuidv7(), 'parent')$$,
  '42501', null, 'nor write the table') where false;
select * from finish();
rollback;
