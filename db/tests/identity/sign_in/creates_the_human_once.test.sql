-- Test: sign_in - the first sign-in makes the human, every later one finds it. FND-02, FND-03.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 08:00+02');
create function pg_temp.sign_in(email text default ' Ana@People.test ', subject text default 'user_1', issuer text default 'https://issuer', locale text default 'en')
returns uuid language sql as $$
  select app_hidden.sign_in(issuer, subject, 'session', email, true, ' Ana Pop ', locale, null);
$$;
select tests.act_as('the authenticator');
select tests.remember('ana', pg_temp.sign_in());
select is(pg_temp.sign_in(), tests.id('ana'), 'a second time it is the same principal');
select is(pg_temp.sign_in(email => 'ana.new@people.test'), tests.id('ana'), 'also when the provider knows a new address');
select is(pg_temp.sign_in(email => null), tests.id('ana'), 'or sends none');
select is(pg_temp.sign_in(subject => 'user_2'), tests.id('ana'), 'another sign-in with the same verified email is the same human');
select isnt(pg_temp.sign_in(subject => 'user_1', issuer => 'https://other', email => 'bogdan@people.test'), tests.id('ana'), 'a subject means nothing outside its issuer');
select isnt(pg_temp.sign_in(subject => 'user_3', email => 'carmen@people.test', locale => 'fr'), null, 'a language that we do not speak is no obstacle');

select lives_ok($$select app_hidden.sign_in('https://issuer', 'user_4', 's', 'line@people.test', true, e'Dan\n Pop', 'ro', null),
  app_hidden.sign_in('https://issuer', 'user_5', 's', 'emoji@people.test', true, '🙂', 'ro', null)$$,
  'nor is what the provider lets people call themselves');

select tests.act_as('the database');
select results_eq(
  $$select email, display_name from app_public.humans where email in ('line@people.test', 'emoji@people.test') order by 1$$,
  $$values ('emoji@people.test', 'emoji@people.test'), ('line@people.test', 'Dan Pop')$$, 'which becomes one line that can be read');
select is(
  (select (email, display_name, locale, email_verified_at)::text from app_public.humans where principal_id = tests.id('ana')),
  ('ana@people.test', 'Ana Pop', 'en', '2027-03-01 08:00+02'::timestamptz)::text, 'the human is what the token said');
select is((select count(*) from app_private.identities where principal_id = tests.id('ana')), 2::bigint, 'with two sign-ins');
select is((select locale from app_public.humans where email = 'carmen@people.test'), 'ro', 'whose texts are Romanian');
select * from finish();
rollback;
