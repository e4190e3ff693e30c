-- Test: sign_in - whoever deleted the sign-in and signs up anew begins with nothing but a verified address. FND-03, FND-25, FND-07.
begin;
select plan(21);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('nora', 'admin');
select tests.patient('ana');
select tests.patient('her mother', account => false);
select tests.caregiver('ana', 'her mother');
select tests.person('irina', superadmin => true);
create function pg_temp.sign_in(subject text, person text default 'ana') returns uuid language sql as $$
  select app_hidden.sign_in('https://tests', subject, 's', person || '@people.test', true, 'A New Name', 'en', null);
$$;
select tests.act_as('the authenticator');
select is(app_hidden.end_identity('https://tests', n), 'applied', n || '''s sign-in is deleted') from unnest('{ana,nora,irina}'::text[]) n;
select tests.remember_persona('the new ana', pg_temp.sign_in('ana''s second'), tests.id('atlas'));
select tests.remember_persona('the new nora', pg_temp.sign_in('nora''s second', 'nora'), tests.id('atlas'));
select tests.remember_persona('the new irina', pg_temp.sign_in('irina''s second', 'irina'));
select isnt(pg_temp.sign_in('ana''s second'), (select principal_id from tests.personas where name = 'ana'), 'she is somebody new');
select is(pg_temp.sign_in('ana''s second'), (select principal_id from tests.personas where name = 'the new ana'), 'and stays so');
select * from tests.refuses($$select pg_temp.sign_in('ana')$$, 'UNAUTHENTICATED', 'account_disabled', 'a late token of the old sign-in opens nothing');
select * from tests.refuses($$select app_hidden.sign_in('https://tests', 'nora''s second', 's', null, null, 'N', 'ro', tests.id('atlas'))$$,
  'FORBIDDEN', 'not_of_this_clinic', 'who was staff is no staff');

select tests.act_as('the new irina');
select ok(not app_hidden.is_superadmin(), 'who ran the platform does not');
select tests.act_as('the new nora');
select is((select count(*) from app_public.my_permissions(tests.id('atlas'))), 0::bigint, 'who was admin is none');
select tests.act_as('the new ana');
select is((select display_name from app_public.me()), 'A New Name', 'she has the name of the new sign-in');
select is(
  (select count(*) from app_public.patient_profiles) + (select count(*) from app_public.caregivers) + (select count(*) from app_public.patients), 0::bigint,
  'no chart is hers, neither her own nor her mother''s');
select is(array(select id from app_public.claim_patient_profiles('Ana', 'Popescu')), array[tests.id('ana')], 'she claims her own, with the address that she proved twice');
select is((select count(*) from app_public.patient_profiles), 1::bigint, 'her mother''s is not hers without new evidence');
select tests.act_as('the authenticator');
select is(
  app_hidden.update_identity('https://tests', 'olga', now() + interval '1 minute', 'nora@people.test', true, 'Olga', 'ro', false), 'email_conflict',
  'the address is the new account''s now');

-- The ways in which an account is closed for good.
select app_hidden.update_identity('https://tests', 'ana''s second', now() + interval '1 minute', null, null, null, null, true);
select is(app_hidden.end_identity('https://tests', 'ana''s second'), 'applied', 'banned, she deletes the sign-in');
select * from tests.refuses($$select pg_temp.sign_in('ana''s third')$$, 'UNAUTHENTICATED', 'account_disabled', 'that does not take the ban away');
select tests.act_as('the database');
update app_public.principals set disabled_at = now() where id = tests.id('olga');
select tests.act_as('the authenticator');
select app_hidden.end_identity('https://tests', 'olga');
select * from tests.refuses($$select pg_temp.sign_in('olga''s second', 'olga')$$, 'UNAUTHENTICATED', 'account_disabled', 'nor what an operator switched off');
select * from finish();
rollback;
