-- Test: claim_patient_profiles - who proved the address and has the name takes over the profiles that carry both; two clinics stay two profiles. FND-34, FND-07.
begin;
select plan(22);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('ana pop', account => false, email => 'Ana@People.test');
select tests.remember('ana at boreal', tests.id('ana pop'));
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana pop', account => false, email => 'ana@people.test');
select tests.remember('ana at atlas', tests.id('ana pop'));
select tests.patient('her child', account => false, email => 'ana@people.test', birth_date => '2020-01-01');
select tests.patient('her daughter', account => false, email => 'ana@people.test', birth_date => '2011-03-02');
select tests.patient('her mother', account => false, email => 'ana@people.test', birth_date => '1950-01-01');
select tests.caregiver('somebody', 'her mother');
select tests.patient('her husband', email => 'husband@people.test');
update app_public.patient_profiles set email = 'ana@people.test' where id = tests.id('her husband');
select tests.patient('ana pop', account => false, email => 'xana@people.test');
select tests.remember('a namesake', tests.id('ana pop'));
select tests.patient('matei pop', account => false, email => 'ana@people.test', birth_date => '1999-01-01');
select tests.patient('ana pop', account => false, email => 'ana@people.test');
select tests.remember('merged away', tests.id('ana pop'));
insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved)
values (tests.id('atlas'), tests.id('ana at atlas'), tests.id('merged away'), 'One person', '{}');
select tests.person('ana', email => 'ana@people.test');

select tests.act_as('ana');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'before, nothing is hers');
select * from tests.refuses($$select * from app_public.claim_patient_profiles()$$, 'CONFLICT', 'person_unclear', 'the address alone, with half a name, claims nobody');
select * from tests.refuses($$select * from app_public.claim_patient_profiles('Elena', 'Pop')$$, 'CONFLICT', 'person_unclear', 'nor another name');
select * from tests.refuses($$select * from app_public.claim_patient_profiles('Ana', 'Pop', '1981-05-17')$$, 'CONFLICT', 'person_unclear', 'nor the name of somebody born on another day');
select is(
  array(select id from app_public.claim_patient_profiles('pop', 'ANA', '1980-05-17') order by id), array(select tests.id(n) as id from unnest('{ana at atlas,ana at boreal}'::text[]) n order by id),
  'she takes over the two profiles with her address and her name');
select is((select count(*) from app_public.patient_profiles), 2::bigint, 'which stay two');
select is((select count(*) from app_public.organizations), 2::bigint, 'and is a patient of both clinics');
select is((select count(*) from app_public.claim_patient_profiles()), 0::bigint, 'again there is nothing to take');
select tests.act_as('the database');
select is(human_id, null, name || ' is not her')
from unnest('{her child,her daughter,her mother,a namesake,matei pop,merged away}'::text[]) name join app_public.patient_profiles on id = tests.id(name);
select isnt((select human_id from app_public.patient_profiles where id = tests.id('her husband')), tests.id('ana'), 'and who has an account keeps it');
select tests.act_as('flavia');
select tests.changes_nothing($$update app_public.patient_profiles set given_name = 'X' where id = tests.id('ana at atlas')$$, 'from then on the profile is hers to edit');

-- Father and son: one name, one mailbox.
select tests.act_as('the database');
select tests.patient('ion ene', account => false, email => 'ion@people.test', birth_date => '1950-01-01');
select tests.patient('ion ene', account => false, email => 'ion@people.test', birth_date => '1990-01-01');
select tests.remember('the son', tests.id('ion ene'));
select tests.person('ion ene junior', email => 'ion@people.test');
select tests.act_as('ion ene junior');
select * from tests.refuses($$select * from app_public.claim_patient_profiles('Ion', 'Ene')$$, 'CONFLICT', 'person_unclear', 'two of one name and address are told apart by the birthday');
select results_eq($$select id from app_public.claim_patient_profiles('Ion', 'Ene', '1990-01-01')$$, $$values (tests.id('the son'))$$, 'which the person gives');
select * from finish();
rollback;
