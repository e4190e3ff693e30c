-- Test: patient_profiles - nobody under sixteen has an account of their own, nor somebody whose age nobody knows. FND-07.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.person('young');
create function pg_temp.profile(birth_date date, human_id uuid default tests.id('young')) returns void language sql as $$
  insert into app_public.patient_profiles (human_id, given_name, family_name, birth_date) values (human_id, 'Y', 'P', birth_date);
$$;
select lives_ok($$select pg_temp.profile('2011-03-01')$$, 'sixteen today');
select * from tests.refuses($$select pg_temp.profile('2011-03-02')$$, 'VALIDATION', 'too_young_for_own_account', 'sixteen tomorrow');
select lives_ok($$select pg_temp.profile('2011-03-02', null)$$, 'a profile without an account is for every age');
select * from tests.refuses(
  $$update app_public.patient_profiles set human_id = tests.id('young') where birth_date = '2011-03-02'$$,
  'VALIDATION', 'too_young_for_own_account', 'an account is not given to it later');
select * from tests.refuses($$select pg_temp.profile(null)$$, 'STATE', 'account_age_unknown', 'of an age that nobody knows: none');
select lives_ok($$select pg_temp.profile(null, null)$$, 'but a profile');
select * from tests.refuses(
  $$update app_public.patient_profiles set human_id = tests.id('young') where birth_date is null$$,
  'STATE', 'account_age_unknown', 'which gets an account when it is known');
select lives_ok($$update app_public.patient_profiles set human_id = tests.id('young'), birth_date = '2011-03-01' where birth_date is null$$, 'and not before');
select tests.act_as('young');
select * from tests.refuses(
  $$update app_public.patient_profiles set birth_date = null$$, 'STATE', 'account_age_unknown', 'nobody makes it unknown again');
select lives_ok($$update app_public.patient_profiles set family_name = 'Q'$$, 'what else changes asks nothing');
select * from tests.refuses(
  $$update app_public.patient_profiles set birth_date = '2020-01-01'$$, 'VALIDATION', 'too_young_for_own_account', 'nobody becomes a child again');
select tests.act_as('the database');
select tests.freeze_time('2027-03-01 23:30+02');
select throws_ok($$select pg_temp.profile('2011-03-02')$$, 'RX400', 'too_young_for_own_account', 'half an hour before the birthday in Bucharest');
select tests.freeze_time('2027-03-02 00:30+02');
select lives_ok($$select pg_temp.profile('2011-03-02')$$, 'and half an hour into it, whatever day it is in Greenwich');
select * from finish();
rollback;
