-- Test: create_service_account_key, revoke_service_account_key - a key is told once, kept as a digest, listed by its end, and revoked. FND-24, BIL-09.
begin;
select plan(41);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('sorin', 'specialist');
select tests.person('root', superadmin => true);
select tests.clinic('boreal');
select tests.staff('olga', 'admin', 'boreal');
create temporary table made (name text, id uuid, token text);
grant all on made to public;

select tests.act_as('root');
insert into made select 'models', k.id, k.token from app_public.create_service_account_key('ai_calls', '  AI gateway ') as k;
select tests.act_as('adrian');
insert into made select 'payments', k.id, k.token from app_public.create_service_account_key('patient_subscriptions', 'Payments', tests.id('atlas')) as k;

select tests.act_as('the database');
select matches(token, '^rxsk_[A-Za-z0-9_-]{43}$', name || ': a key has 256 bits') from made order by name;
select is((select count(distinct token) from made), 2::bigint, 'and each is another');
select results_eq(
  $$select k.name, k.scope, k.organization_id, k.digest, k.last_four, k.created_by, k.created_at, k.revoked_at
    from app_public.service_account_keys k join made using (id) order by k.name$$,
  $$select v.name, v.scope, v.clinic, sha256(convert_to(made.token, 'UTF8')), right(made.token, 4), tests.id(v.by_whom),
      '2027-03-01 08:00+02'::timestamptz, null::timestamptz
    from (values ('models', 'AI gateway', 'ai_calls', null::uuid, 'root'), ('payments', 'Payments', 'patient_subscriptions', tests.id('atlas'), 'adrian'))
      as v (made, name, scope, clinic, by_whom) join made on made.name = v.made order by v.name$$,
  'its digest is kept, and its last four characters');
select is((select count(*) from app_public.principals p join app_public.service_account_keys k on k.principal_id = p.id where p.kind = 'service_account'),
  2::bigint, 'each is a principal of its own');
select is_empty(
  $$select 1 from made where exists (
      select from audit.entries e where e::text like '%' || made.token || '%' or e::text like '%' || encode(sha256(convert_to(made.token, 'UTF8')), 'hex') || '%')$$,
  'the audit trail has neither the key nor its digest');
select ok(exists (select from tests.entries_of('app_public.service_account_keys', (select id from made where name = 'payments')) where actor_id = tests.id('adrian')),
  'and says who made it');

select tests.act_as('adrian');
select results_eq('select id, last_four from app_public.service_account_keys', $$select id, right(token, 4) from made where name = 'payments'$$,
  'a manager sees the clinic''s own');
select throws_ok('select digest from app_public.service_account_keys', '42501', null, 'and no digest');
select * from tests.refuses($$select app_public.create_service_account_key('ai_calls', 'x', tests.id('atlas'))$$, 'VALIDATION', 'scope_not_offered',
  'a clinic has no key for calls of models');
select * from tests.refuses($$select app_public.create_service_account_key('all', 'x', tests.id('atlas'))$$, 'VALIDATION', 'scope_not_offered', 'nor one for everything');
select * from tests.refuses($$select app_public.create_service_account_key('ai_calls', 'x')$$, 'FORBIDDEN', 'superadmin_only', 'nor one of the platform');
select * from tests.refuses($$select app_public.create_service_account_key('patient_subscriptions', 'x', tests.id('boreal'))$$, 'NOT_FOUND', 'not_found', 'nor one of another clinic');
select * from tests.breaks($$select app_public.create_service_account_key('patient_subscriptions', ' ', tests.id('atlas'))$$,
  'service_account_keys_name_is_not_blank', 'a key has a name');
select tests.act_as('root');
select * from tests.refuses($$select app_public.create_service_account_key('patient_subscriptions', 'x')$$, 'VALIDATION', 'scope_not_offered',
  'the platform reports no payments of patients');
select tests.act_as('sorin');
select * from tests.refuses($$select app_public.create_service_account_key('patient_subscriptions', 'x', tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing',
  'a specialist makes none');
select is_empty('select id from app_public.service_account_keys', 'and sees none');
select * from tests.refuses($$select app_public.revoke_service_account_key((select id from made where name = 'payments'))$$, 'FORBIDDEN', 'permission_missing', 'nor revokes');
select tests.act_as('olga');
select is_empty('select id from app_public.service_account_keys', 'another clinic sees none');
select * from tests.refuses($$select app_public.revoke_service_account_key((select id from made where name = 'payments'))$$, 'NOT_FOUND', 'not_found', 'for it there is none');
select * from tests.refuses($$select app_public.revoke_service_account_key((select id from made where name = 'models'))$$, 'NOT_FOUND', 'not_found', 'nor the platform''s');
select tests.act_as('a visitor');
select throws_ok($$select app_public.create_service_account_key('ai_calls', 'x')$$, '42501', null, 'visitors make none');

select tests.act_as('adrian');
select set_config('app.idempotency_key', 'create', true);
insert into made select 'again', k.id, k.token from app_public.create_service_account_key('patient_subscriptions', 'Again', tests.id('atlas')) as k;
insert into made select 'again', k.id, k.token from app_public.create_service_account_key('patient_subscriptions', 'Again', tests.id('atlas')) as k;
select results_eq($$select count(*), count(distinct (id, token)) from made where name = 'again'$$, 'values (2::bigint, 1::bigint)', 'a request that comes again is told the same key');
select * from tests.refuses($$select app_public.create_service_account_key('patient_subscriptions', 'Other', tests.id('atlas'))$$,
  'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', 'its key with another name is refused');
select set_config('app.idempotency_key', '', true);

select tests.freeze_time('2027-03-02 09:00+02');
select is((app_public.revoke_service_account_key((select id from made where name = 'payments'))).revoked_at, '2027-03-02 09:00+02'::timestamptz, 'it is revoked');
select tests.freeze_time('2027-03-03 09:00+02');
select tests.act_as('root');
select is((app_public.revoke_service_account_key((select id from made where name = 'payments'))).revoked_by, tests.id('adrian'), 'once');
select isnt((app_public.revoke_service_account_key((select distinct id from made where name = 'again'))).revoked_at, null, 'the platform revokes a clinic''s key');
select tests.act_as('adrian');
select lives_ok($$select app_public.create_service_account_key('patient_subscriptions', 'key ' || n, tests.id('atlas')) from generate_series(1, 20) as n$$, 'twenty are enough');
select * from tests.refuses($$select app_public.create_service_account_key('patient_subscriptions', 'one more', tests.id('atlas'))$$, 'CONFLICT', 'too_many_keys', 'more are not');
select * from finish();
rollback;
