-- Test: sign_in - a revoked session and a closed account are over before their token is. FND-03.
begin;
select plan(7);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
insert into app_private.revoked_sessions (session_id) values ('lost phone');
create function pg_temp.sign_in(session_id text) returns uuid language sql as $$
  select app_hidden.sign_in('https://tests', 'olga', session_id, 'olga@people.test', true, 'Olga', 'ro', tests.id('atlas'));
$$;
select tests.act_as('the authenticator');
select is(pg_temp.sign_in('desk'), tests.id('olga'), 'a session that stands');
select * from tests.refuses($$select pg_temp.sign_in('lost phone')$$, 'UNAUTHENTICATED', 'session_revoked', 'the revoked one is over');
select is(pg_temp.sign_in('desk'), tests.id('olga'), 'the other is not');

select tests.act_as('the database');
update app_public.principals set disabled_at = now() where id = tests.id('olga');
select tests.act_as('the authenticator');
select * from tests.refuses($$select pg_temp.sign_in('desk')$$, 'UNAUTHENTICATED', 'account_disabled', 'a closed account is over everywhere');
select tests.act_as('olga');
select is((select count(*) from app_public.organizations) + (select count(*) from app_public.my_permissions(tests.id('atlas'))), 0::bigint, 'also inside a request that is under way');
select * from finish();
rollback;
