-- Test: personal_columns - everything about somebody, with the column that says about whom; nobody outside reads the registry. FND-12.
begin;
select plan(8);
select results_eq(
  $$select column_name, class, person_column from app_private.personal_columns() where table_name = 'app_public.patient_profiles'$$,
  $$values ('birth_date', 'pii_basic', 'id'), ('email', 'pii_basic', 'id'), ('family_name', 'pii_basic', 'id'),
           ('given_name', 'pii_basic', 'id'), ('human_id', 'pii_basic', 'id'), ('id', 'pii_basic', 'id'), ('phone', 'pii_basic', 'id')$$,
  'a person''s profile');
select ok(exists (
  select from app_private.personal_columns() p
  where p.table_name = 'app_public.appointments' and p.column_name = 'starts_at' and p.class = 'phi' and p.person_column = 'patient_profile_id'),
  'an appointment is about its patient');
select ok(not exists (
  select from app_private.personal_columns() p where p.class in ('public', 'operational', 'auth_secret')), 'nothing that is about nobody');
select results_eq(
  $$select table_name, column_name, protection from app_private.columns_of_class('auth_secret')
    where table_name in ('app_private.time_claims', 'app_public.booking_requests')$$,
  $$values ('app_private.time_claims', 'first_token_hash', 'digest'), ('app_private.time_claims', 'token_hash', 'digest'), ('app_public.booking_requests', 'token_hash', 'digest')$$,
  'tokens of visitors are kept as digests');
select results_eq(
  $$select column_name from app_private.classified_columns
    where table_name = 'app_private.time_claims' and retention = 'operations' order by 1$$,
  $$values ('address'), ('first_token_hash'), ('token_hash'), ('visitor_id')$$, 'who held a time is forgotten before the time itself');
select tests.act_as('a visitor');
select throws_ok('select * from app_private.personal_columns()', '42501', null, 'a visitor does not read the registry');
select tests.act_as('the worker');
select throws_ok('select * from app_private.columns_of_class(''phi'')', '42501', null, 'nor does the worker');
select tests.act_as('the engine');
select isnt_empty('select * from app_private.personal_columns()', 'the engine does, for those who may');
select * from finish();
rollback;
