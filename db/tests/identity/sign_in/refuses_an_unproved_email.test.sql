-- Test: sign_in - an address that is not verified opens nothing and reserves nothing. FND-03.
begin;
select plan(15);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
create function pg_temp.sign_in(email text, verified boolean, subject text default 'attacker') returns uuid language sql as $$
  select app_hidden.sign_in('https://issuer', subject, 'session', email, verified, 'Attacker', 'ro', null);
$$;
select tests.act_as('the authenticator');
select * from tests.refuses($$select pg_temp.sign_in('olga@people.test', false)$$, 'UNAUTHENTICATED', 'email_not_verified', 'it does not take over a human');
select * from tests.refuses($$select pg_temp.sign_in('olga@people.test', null)$$, 'UNAUTHENTICATED', 'email_verified_missing', 'unknown is not verified, and is said to be unknown');
select * from tests.refuses($$select pg_temp.sign_in('victim@people.test', false)$$, 'UNAUTHENTICATED', 'email_not_verified', 'it does not get there before the owner of the address');
select * from tests.refuses($$select pg_temp.sign_in(null, true)$$, 'UNAUTHENTICATED', 'email_missing', 'no address');
select * from tests.refuses($$select pg_temp.sign_in('  ', true)$$, 'UNAUTHENTICATED', 'email_missing', 'a blank one');
select * from tests.breaks($$select pg_temp.sign_in('no address', true)$$, 'humans_email_is_valid', 'or what is none');

select isnt(pg_temp.sign_in('victim@people.test', true, 'victim'), null, 'the owner of the address signs in');
select tests.act_as('the database');
select is((select array_agg(subject) from app_private.identities where issuer = 'https://issuer'), '{victim}', 'alone');
select is(
  (select count(*) from app_private.identities where principal_id = tests.id('olga')), 1::bigint, 'and the staff member has the own sign-in only');
select * from finish();
rollback;
