-- Test: protect - row security is on and forced; the engine may do what was said, with one policy, and nobody else anything. FND-05.
begin;
select plan(9);
set local role app_owner;
create table app_public.toys (id uuid, name text, ended_at timestamptz);
select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id", "name", "ended_at"]}', unaudited => 'Only this test knows it.');
reset role;

create view pg_temp.said as
  select polname || ' ' || command || ' ' || array_to_string(roles, ',') || ' ' || coalesce(using_text, '-') || ' ' || coalesce(check_text, '-') as line
  from tests.app_policies where table_name = 'app_public.toys'
  union all
  select acl.grantee::regrole || ' may ' || lower(acl.privilege_type) || coalesce(' ' || acl.of_column, '')
  from (
    select e.grantee, e.privilege_type, null::text as of_column from pg_class cross join aclexplode(relacl) e
    where pg_class.oid = 'app_public.toys'::regclass and e.grantee <> relowner
    union all
    select e.grantee, e.privilege_type, attname::text from pg_attribute cross join aclexplode(attacl) e
    where attrelid = 'app_public.toys'::regclass
  ) as acl;

set local role app_owner;
select app_private.protect('app_public.toys');
reset role;
select results_eq(
  $$select relrowsecurity, relforcerowsecurity from pg_class where oid = 'app_public.toys'::regclass$$,
  'values (true, true)', 'row security is on, for the owner too');
select is_empty('select line from pg_temp.said', 'and nobody may anything');

set local role app_owner;
select app_private.protect('app_public.toys', engine => 'select');
reset role;
select set_eq('select line from pg_temp.said',
  '{toys_select_engine select app_engine true -,app_engine may select}'::text[], 'the engine only reads');

set local role app_owner;
select app_private.protect('app_public.toys', engine => 'select, insert, update (name, ended_at)');
reset role;
select set_eq('select line from pg_temp.said',
  '{toys_all_engine all app_engine true true,app_engine may select,app_engine may insert,app_engine may update name,app_engine may update ended_at}'::text[],
  'the engine writes, and changes two columns');

set local role app_owner;
select app_private.protect('app_public.toys', engine => 'update (name), delete');
reset role;
select set_eq('select line from pg_temp.said',
  '{toys_all_engine all app_engine true true,app_engine may delete,app_engine may update name}'::text[], 'what it is no longer given is gone');

set local role app_owner;
select app_private.protect('app_public.toys', engine => 'select');
select app_private.protect('app_public.toys', engine => 'select');
reset role;
select set_eq('select line from pg_temp.said',
  '{toys_select_engine select app_engine true -,app_engine may select}'::text[], 'said twice, it is so once');

set local role app_owner;
select app_private.classify('app_public.toys', 'platform', 'reference', '{"public": ["id", "name", "ended_at"]}', unaudited => 'Only this test knows it.');
select app_private.protect('app_public.toys', engine => 'select');
reset role;
select set_eq('select line from pg_temp.said',
  '{toys_select_engine select app_engine true -,app_engine may select,toys_all_migrator all app_owner true true}'::text[],
  'migrations keep the rows of the platform');
set local role app_owner;
insert into app_public.toys values (gen_random_uuid());
reset role;
set local role app_engine;
select is((select count(*) from app_public.toys), 1::bigint, 'which the engine reads');
reset role;

set local role app_owner;
select app_private.protect('app_public.toys');
reset role;
select set_eq('select line from pg_temp.said', '{toys_all_migrator all app_owner true true}'::text[], 'the engine need not have anything');
select * from finish();
rollback;
