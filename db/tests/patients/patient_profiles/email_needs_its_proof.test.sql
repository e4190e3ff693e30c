-- Test: patient_profiles - an address may be changed with the proof that its use needs: messages about treatment go
-- there, and whoever verifies it may claim a profile without an account. FND-07, FND-03.
begin;
select plan(21);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.patient('guest', account => false);
select tests.patient('child', account => false, birth_date => '2020-01-01', email => 'family@people.test');
select tests.caregiver('corina', 'child');
select tests.patient('sanda');
select tests.staff('sanda', 'front_desk');
select tests.staff('corina', 'front_desk', 'boreal');
select tests.admitted(tests.id('boreal'), tests.id('child'));
update app_public.patients set deleted_at = now() where organization_id = tests.id('boreal') and patient_profile_id = tests.id('child');
select tests.remember_persona('corina', (select principal_id from tests.personas where name = 'corina'));
select tests.act_as('the database');
update app_public.humans set email_verified_at = now() where email in ('ana@people.test', 'corina@people.test');

select tests.act_as('flavia');
select lives_ok($$update app_public.patient_profiles set email = 'Gina@People.test' where id = tests.id('guest')$$, 'front desk writes down the address of somebody without an account');
select is((select email from app_public.patient_profiles where id = tests.id('guest')), 'gina@people.test', 'as it does at creation');
select tests.changes_nothing($$update app_public.patient_profiles set email = 'mine@people.test' where id = tests.id('ana')$$, 'a profile with an account is the person''s');
select tests.act_as('filip');
select tests.changes_nothing($$update app_public.patient_profiles set email = 'mine@people.test'$$, 'another clinic changes none');
select tests.act_as('stefan');
select tests.changes_nothing($$update app_public.patient_profiles set email = 'mine@people.test'$$, 'nor who may not manage patients');

select tests.act_as('ana');
select * from tests.refuses($$update app_public.patient_profiles set email = 'new@people.test'$$, 'FORBIDDEN', 'email_not_verified', 'the person''s own address is one that was verified');
select * from tests.refuses($$update app_public.patient_profiles set email = 'corina@people.test'$$, 'FORBIDDEN', 'email_not_verified', 'for their account, not for another');
select lives_ok($$update app_public.patient_profiles set email = null$$, 'or none');
select lives_ok($$update app_public.patient_profiles set email = 'ANA@people.test'$$, 'verified, it is taken');
select is((select email from app_public.patient_profiles), 'ana@people.test', 'as it is kept');
select tests.act_as('the database');
update app_public.humans set email_verified_at = null where email = 'ana@people.test';
update app_public.patient_profiles set email = null where id = tests.id('ana');
select tests.act_as('ana');
select * from tests.refuses($$update app_public.patient_profiles set email = 'ana@people.test'$$, 'FORBIDDEN', 'email_not_verified', 'an address of the account that is not verified is none');

select tests.act_as('the database');
select tests.patient('dora', clinic => 'boreal', account => false);
select tests.act_as('corina');
select * from tests.refuses($$update app_public.patient_profiles set email = 'stranger@people.test' where id = tests.id('child')$$, 'FORBIDDEN', 'email_not_verified', 'a caregiver leads nobody else to the profile');
select * from tests.refuses($$update app_public.patient_profiles set email = null where id = tests.id('child')$$, 'FORBIDDEN', 'email_not_verified', 'nor takes away the address that the clinic wrote down');
select lives_ok($$update app_public.patient_profiles set email = 'corina@people.test', phone = '0722 000 123' where id = tests.id('child')$$, 'but writes down the own address');
select tests.act_as('sanda');
select * from tests.refuses($$update app_public.patient_profiles set email = 'stranger@people.test' where id = tests.id('sanda')$$, 'FORBIDDEN', 'email_not_verified', 'who works at the clinic proves the own address like everybody');
select * from finish();
rollback;
