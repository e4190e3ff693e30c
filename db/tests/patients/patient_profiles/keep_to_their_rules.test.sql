-- Test: patient_profiles - the person and, until there is an account, the clinic edit the listed columns. FND-07.
begin;
select plan(22);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.patient('guest', account => false);

select tests.act_as('flavia');
select lives_ok($$update app_public.patient_profiles set given_name = 'Gina' where id = tests.id('guest')$$, 'front desk keeps a profile without an account');
select is((select given_name from app_public.patient_profiles where id = tests.id('guest')), 'Gina', 'and sees it');
select tests.changes_nothing($$update app_public.patient_profiles set given_name = 'X' where id = tests.id('ana')$$, 'one with an account is the person''s');
select throws_ok(format('update app_public.patient_profiles set %I = null', c), '42501', null, c || ' is not written by anybody')
from unnest('{human_id,id,created_at}'::text[]) c;
select throws_ok($$insert into app_public.patient_profiles (given_name, family_name) values ('X', 'Y')$$, '42501', null, 'nor is a profile inserted');
select throws_ok($$insert into app_public.patients (organization_id, patient_profile_id) values (tests.id('atlas'), tests.id('guest'))$$, '42501', null, 'nor a patient');
select * from tests.breaks($$update app_public.patient_profiles set given_name = '  ' where id = tests.id('guest')$$, 'patient_profiles_given_name_is_not_blank', 'a name is not blank');
select * from tests.refuses($$update app_public.patient_profiles set phone = '0722' where id = tests.id('guest')$$, 'VALIDATION', 'too_short', 'a phone is a phone');
select * from tests.breaks($$update app_public.patient_profiles set birth_date = 'infinity' where id = tests.id('guest')$$, 'patient_profiles_birth_date_is_plausible', 'infinity is no birthday');
select * from tests.breaks($$update app_public.patient_profiles set birth_date = '0044-03-15 BC' where id = tests.id('guest')$$, 'patient_profiles_birth_date_is_plausible', 'nor are the ides of March');
select tests.act_as('stefan');
select is((select count(*) from app_public.patient_profiles), 2::bigint, 'a specialist sees the clinic''s patients');
select tests.changes_nothing($$update app_public.patient_profiles set given_name = 'X'$$, 'and edits none');
select tests.act_as('filip');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'another clinic sees none');
select tests.changes_nothing($$update app_public.patient_profiles set given_name = 'X'$$, 'and edits none');
select tests.act_as('ana');
select lives_ok($$update app_public.patient_profiles set given_name = 'Anca'$$, 'the person edits the own profile');
select tests.act_as('flavia');
select is(array(select given_name from app_public.patient_profiles order by 1), '{Anca,Gina}', 'and the clinic sees it');
select * from finish();
rollback;
