-- Test: claim_patient_profiles - an address that nobody proved claims nothing. FND-07.
begin;
select plan(7);
select tests.clinic('atlas');
select tests.patient('ana at atlas', account => false, email => 'ana@people.test');
select tests.person('ana', email => 'ana@people.test');
update app_public.humans set email_verified_at = null where principal_id = tests.id('ana');
select tests.act_as('ana');
select * from tests.refuses('select * from app_public.claim_patient_profiles()', 'FORBIDDEN', 'email_not_verified', 'unverified');
select tests.become('app_member');
select * from tests.refuses('select * from app_public.claim_patient_profiles()', 'FORBIDDEN', 'email_not_verified', 'nobody');
select tests.act_as('a visitor');
select * from tests.refuses('select * from app_public.claim_patient_profiles()', '42501', null, 'a visitor');
select tests.act_as('the database');
select is((select human_id from app_public.patient_profiles where id = tests.id('ana at atlas')), null, 'the profile is nobody''s account');
select * from finish();
rollback;
