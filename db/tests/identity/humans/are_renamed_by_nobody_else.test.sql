-- Test: humans - whatever a clinic calls somebody, an account keeps its own name and language. FND-02, FND-04, FND-07.
begin;
select plan(7);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.person('root', superadmin => true);
select tests.patient('mihai', account => false);
select tests.person('nora');
update app_public.humans set display_name = 'Nora Ene', locale = 'en' where email = 'nora@people.test';
create function pg_temp.nora() returns text language sql security definer as $$
  select string_agg(display_name || ' ' || locale, '; ') from app_public.humans where email = 'nora@people.test';
$$;
select tests.act_as('olga');
select app_public.add_caregiver(tests.id('atlas'), tests.id('mihai'), 'Nora@People.test', 'ENE nora', 'child', 'Seen');
select is(pg_temp.nora(), 'Nora Ene en', 'named as a caregiver');
select app_public.create_patient(tests.id('atlas'), 'Noră', 'A clinicii', 'nora@people.test');
select is(pg_temp.nora(), 'Nora Ene en', 'registered as a patient');
select app_public.invite_member(tests.id('atlas'), 'nora@people.test', 'Nora of the clinic', array[tests.role_id('billing')]);
select is(pg_temp.nora(), 'Nora Ene en', 'invited');
select tests.act_as('root');
select app_public.create_organization('cetus', 'Cetus', 'nora@people.test', 'Nora of the platform');
select is(pg_temp.nora(), 'Nora Ene en', 'named as the owner of a clinic');
select tests.act_as('nora');
select is((select array_agg((app_public.accept_invitation(id, accepted_version_ids => tests.terms())).status) from app_public.my_invitations()), '{accepted,accepted}', 'also when she accepts');
select is(pg_temp.nora(), 'Nora Ene en', 'it stays');
select (app_public.claim_patient_profiles('Noră', 'A clinicii', '1980-05-17')).id;
select is(
  (select given_name from app_public.patient_profiles where human_id = tests.id('nora')) || ', ' || pg_temp.nora(), 'Noră, Nora Ene en',
  'nor does a profile that she claims change it, or become like it');
select * from finish();
rollback;
