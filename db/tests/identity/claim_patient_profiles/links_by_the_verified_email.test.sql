-- Test: claim_patient_profiles - who proved the address takes over the profiles that carry it; two clinics stay two profiles. FND-07.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('ana at boreal', account => false, email => 'Ana@People.test');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana at atlas', account => false, email => 'ana@people.test');
select tests.patient('her child', account => false, email => 'ana@people.test', birth_date => '2020-01-01');
select tests.patient('her daughter', account => false, email => 'ana@people.test', birth_date => '2011-03-02');
select tests.patient('her mother', account => false, email => 'ana@people.test', birth_date => '1950-01-01');
select tests.caregiver('somebody', 'her mother');
select tests.patient('her husband', email => 'husband@people.test');
update app_public.patient_profiles set email = 'ana@people.test' where id = tests.id('her husband');
select tests.patient('a namesake', account => false, email => 'xana@people.test');
select tests.person('ana', email => 'ana@people.test');

select tests.act_as('ana');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'before, nothing is hers');
select is(
  array(select id from app_public.claim_patient_profiles() order by id), array(select tests.id(n) as id from unnest('{ana at atlas,ana at boreal}'::text[]) n order by id),
  'she takes over the two profiles with her address');
select is((select count(*) from app_public.patient_profiles), 2::bigint, 'which stay two');
select is((select count(*) from app_public.organizations), 2::bigint, 'and is a patient of both clinics');
select is((select count(*) from app_public.claim_patient_profiles()), 0::bigint, 'again there is nothing to take');
select tests.act_as('the database');
select is(human_id, null, name || ' is not her')
from unnest('{her child,her daughter,her mother,a namesake}'::text[]) name join app_public.patient_profiles on id = tests.id(name);
select isnt((select human_id from app_public.patient_profiles where id = tests.id('her husband')), tests.id('ana'), 'and who has an account keeps it');
select tests.act_as('flavia');
select tests.changes_nothing($$update app_public.patient_profiles set given_name = 'X' where id = tests.id('ana at atlas')$$, 'from then on the profile is hers to edit');
select * from finish();
rollback;
