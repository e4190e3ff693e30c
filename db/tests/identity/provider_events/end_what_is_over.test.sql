-- Test: end_session, end_identity - what the provider ended opens nothing any more, told in any order. FND-03, FND-25.
begin;
select plan(30);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
create function pg_temp.sign_in(subject text, session_id text default 'desk') returns uuid language sql as $$
  select app_hidden.sign_in('https://tests', subject, session_id, 'olga@people.test', true, 'Olga', 'ro', null);
$$;
create function pg_temp.over(subject text, session_id text, organization_id uuid default null) returns text language sql as $$
  select reason from app_hidden.sessions_over(array['https://tests'], array[subject], array[session_id], array[organization_id]);
$$;
select tests.act_as('the authenticator');
select is(app_hidden.end_session('phone'), 'applied', 'a session is ended before it was ever seen');
select is(app_hidden.end_session('phone'), 'unchanged', 'a second time says nothing new');
select * from tests.refuses($$select pg_temp.sign_in('olga', 'phone')$$, 'UNAUTHENTICATED', 'session_revoked', 'it opens nothing');
select is(pg_temp.sign_in('olga'), tests.id('olga'), 'the other session does');
select is(pg_temp.over('olga', 'phone'), 'session_revoked', 'a socket of the one closes');
select is(pg_temp.over('olga', 'desk'), null, 'one of the other does not');
select is(pg_temp.over('olga', 'desk', tests.id('atlas')), null, 'nor at her clinic');
select is(pg_temp.over('olga', 'desk', uuidv7()), 'not_of_this_clinic', 'but at a clinic that is not hers');
select is(pg_temp.over('nobody', 'desk'), 'account_disabled', 'nobody has no socket');
select results_eq(
  $$select place, reason from app_hidden.sessions_over(array_fill('https://tests'::text, array[3]), '{olga,adrian,olga}', '{phone,desk,desk}', '{null,null,null}')$$,
  $$values (1, 'session_revoked')$$, 'many are asked about at once');

select tests.act_as('the database');
insert into app_private.identities (issuer, subject, principal_id) values ('https://tests', 'olga''s new one', tests.id('olga'));
select tests.act_as('the authenticator');
select is(app_hidden.end_identity('https://tests', 'olga'), 'applied', 'one of her two sign-ins is deleted');
select * from tests.refuses($$select pg_temp.sign_in('olga')$$, 'UNAUTHENTICATED', 'account_disabled', 'it leads nowhere');
select is(pg_temp.over('olga', 'desk'), 'account_disabled', 'its sockets close');
select is(pg_temp.sign_in('olga''s new one'), tests.id('olga'), 'the other still leads to her');
select is(app_hidden.end_identity('https://tests', 'olga'), 'unchanged', 'told twice');
select is(app_hidden.end_identity('https://tests', 'olga''s new one'), 'applied', 'the other is deleted too');
select * from tests.refuses($$select pg_temp.sign_in('olga''s new one')$$, 'UNAUTHENTICATED', 'account_disabled', 'now the account is closed');
select isnt(pg_temp.sign_in('olga''s third'), tests.id('olga'), 'a new sign-in with the same address is a new account');
select tests.act_as('the database');
select isnt((select disabled_at from app_public.principals where id = tests.id('olga')), null, 'the account says since when');

select tests.act_as('the authenticator');
select is(app_hidden.end_identity('https://tests', 'never seen'), 'applied', 'a sign-in is deleted before it was ever seen');
select * from tests.refuses($$select app_hidden.sign_in('https://tests', 'never seen', 's', 'new@people.test', true, 'New', 'ro', null)$$,
  'UNAUTHENTICATED', 'account_disabled', 'its last token makes nobody');
select tests.act_as('the database');
select is((select count(*) from app_public.humans where email = 'new@people.test'), 0::bigint, 'indeed nobody');
select throws_ok($$insert into app_private.identities (issuer, subject) values ('https://tests', 'ghost')$$, '23514', null, 'a sign-in that stands has a human');

select r from (values ('olga'), ('a visitor'), ('the telemetry')) as t (persona),
  lateral (select tests.act_as(persona)) a,
  lateral throws_ok($$select app_hidden.end_session('x')$$, '42501', null, persona || ' ends nothing') r;
select * from finish();
rollback;
