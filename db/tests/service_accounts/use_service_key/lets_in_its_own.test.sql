-- Test: use_service_key, revoke_service_account_key - a key is known by its digest alone, is used once a day in the trail, and opens nothing once it or its clinic is gone. FND-24, BIL-09.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.service_key('theirs', 'boreal');
select tests.clinic('atlas'), tests.staff('adrian', 'admin');
select tests.service_key('first', 'atlas'), tests.service_key('second', 'atlas'), tests.service_key('gateway');
create function pg_temp.use(name text, scope text default 'patient_subscriptions') returns uuid language sql as $$
  select (app_private.use_service_key(tests.service_digest(name), scope)).id
$$;
create function pg_temp.used() returns text[] language sql as $$
  select array_agg(concat_ws(' ', k.name, k.last_used_on) order by k.name) from app_public.service_account_keys k
$$;

select is(pg_temp.use('second'), tests.id('second'), 'the key that was shown');
select is(current_setting('app.principal_id'), tests.id('principal of second')::text, 'what is written is of it');
select is(pg_temp.used(), '{first,gateway,"second 2027-03-01",theirs}', 'it was used, and no other');
create temporary table lay as select ctid as at from app_public.service_account_keys where id = tests.id('second');
select tests.freeze_time('2027-03-02 01:59:59+02');
select pg_temp.use('second');
select is((select ctid from app_public.service_account_keys where id = tests.id('second')), (select at from lay), 'on the same day it is not written again');
select tests.freeze_time('2027-03-02 02:00+02');
select pg_temp.use('second');
select is(pg_temp.used(), '{first,gateway,"second 2027-03-02",theirs}', 'on the next it is');
select is(pg_temp.use('gateway', 'ai_calls'), tests.id('gateway'), 'the platform''s key is of no clinic');
select * from tests.refuses($$select pg_temp.use('gateway')$$, 'FORBIDDEN', 'service_key_of_another_scope', 'and for nothing else');

select tests.act_as('adrian');
select isnt((app_public.revoke_service_account_key(tests.id('second'))).revoked_at, null, 'one is revoked');
select tests.act_as('the database');
select is((select count(*)::int from app_public.service_account_keys where revoked_at is not null), 1, 'and no other');
select tests.freeze_time('2027-03-03 08:00+02');
select * from tests.refuses($$select pg_temp.use('second')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'it opens nothing, and is not used');
select is(pg_temp.use('first'), tests.id('first'), 'the other does');
update app_public.organizations set deleted_at = app_hidden.now() where id = tests.id('boreal');
select is(pg_temp.use('first'), tests.id('first'), 'also when another clinic is removed');
select * from tests.refuses($$select pg_temp.use('theirs')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'whose key opens nothing any more');
select tests.act_as('root');
select * from tests.refuses($$select app_public.revoke_service_account_key(uuidv7())$$, 'NOT_FOUND', 'not_found', 'what is no key is not revoked');
select * from finish();
rollback;
