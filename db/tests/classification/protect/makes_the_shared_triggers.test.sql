-- Test: protect - facts are read, updated_at is stamped, a status is guarded: as said, and no more when it is not said. FND-08.
begin;
select plan(6);
set local role app_owner;
create table app_public.toys (id uuid, given_name text, phone text, status text, created_at timestamptz, updated_at timestamptz);
select app_private.classify('app_public.toys', 'clinic', 'clinic',
  '{"operational": ["id", "given_name", "phone", "status", "created_at", "updated_at"]}', unaudited => 'Only this test knows it.');
create function app_private.tg_toys__sing() returns trigger language plpgsql set search_path = '' as 'begin return new; end';
create trigger _500_sing before insert on app_public.toys for each row execute function app_private.tg_toys__sing();
reset role;
create view pg_temp.made as
  select replace(pg_get_triggerdef(oid), ' ON app_public.toys FOR EACH ROW EXECUTE FUNCTION app_private', '') as line
  from pg_trigger where tgrelid = 'app_public.toys'::regclass and tgname <> '_500_sing';

set local role app_owner;
select app_private.protect('app_public.toys');
reset role;
select set_eq('select line from pg_temp.made', array[
  'CREATE TRIGGER _100_stamp BEFORE INSERT OR UPDATE.tg_stamp()'
], 'a table with an updated_at is stamped');

set local role app_owner;
select app_private.protect('app_public.toys', guard => true, facts => '{person given_name, phone phone}');
reset role;
select set_eq('select line from pg_temp.made', array[
  'CREATE TRIGGER _050_read_facts BEFORE INSERT OR UPDATE OF given_name, phone.tg_read_facts(''person given_name'', ''phone phone'')',
  'CREATE TRIGGER _100_stamp BEFORE INSERT OR UPDATE.tg_stamp()',
  'CREATE TRIGGER _200_guard_state BEFORE INSERT OR UPDATE OF status.tg_guard_state()'
], 'facts and a guard as said');

set local role app_owner;
select app_private.protect('app_public.toys', facts => '{name given_name}');
reset role;
select set_eq('select line from pg_temp.made', array[
  'CREATE TRIGGER _050_read_facts BEFORE INSERT OR UPDATE OF given_name.tg_read_facts(''name given_name'')',
  'CREATE TRIGGER _100_stamp BEFORE INSERT OR UPDATE.tg_stamp()'
], 'said otherwise, it is otherwise');

set local role app_owner;
select app_private.protect('app_public.toys');
reset role;
select set_eq('select line from pg_temp.made', array[
  'CREATE TRIGGER _100_stamp BEFORE INSERT OR UPDATE.tg_stamp()'
], 'what is not said any more is gone');

set local role app_owner;
alter table app_public.toys rename column updated_at to changed_at;
select app_private.protect('app_public.toys');
reset role;
select is_empty('select line from pg_temp.made', 'so is the stamp of a table without an updated_at');
select is(
  (select count(*) from pg_trigger where tgrelid = 'app_public.toys'::regclass and tgname = '_500_sing'), 1::bigint,
  'a trigger of the table''s own stays');
select * from finish();
rollback;
