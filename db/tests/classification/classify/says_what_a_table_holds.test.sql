-- Test: classify - one call says everything about a table; a mistake in it is refused, and nothing of it stays. FND-12.
begin;
select plan(16);
create temporary table of_others as select * from app_private.classified_columns;
create table app_public.toys (id uuid, maker_name text, code bytea, address inet);
select app_private.classify('app_public.toys', 'clinic', 'clinic',
  '{"public": ["id"], "pii_basic": ["maker_name", "address"], "auth_secret": ["code"]}',
  protected => '{"digest": ["code"]}', kept => '{"operations": ["address"]}');
select results_eq(
  $$select column_name, class, retention, protection from app_private.classified_columns
    where table_name = 'app_public.toys' order by column_name$$,
  $$values ('address', 'pii_basic', 'operations', null), ('code', 'auth_secret', 'clinic', 'digest'),
           ('id', 'public', 'clinic', null), ('maker_name', 'pii_basic', 'clinic', null)$$,
  'class, retention and protection of each column');
select is(
  (select home from app_private.classified_tables where table_name = 'app_public.toys'), 'clinic', 'where its rows are at home');
select is(tests.masked_columns('app_public.toys'), '{code}', 'what the audit masks follows from it');

select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id", "colour"]}')$$,
  'classify: app_public.toys has no column colour', 'a column that is not there is refused');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id"]}', person_column => 'human_id')$$,
  'classify: app_public.toys has no column human_id', 'and a person who is not');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id"]}', protected => '{"digest": ["colour"]}')$$,
  'classify: app_public.toys has no column colour', 'and one that would be protected');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id", "ctid"]}')$$,
  'classify: app_public.toys has no column ctid', 'nor is one of the system''s a column');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"secret": ["id"]}')$$, '23503', null, 'an unknown class');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'nowhere', 'clinic', '{"public": ["id"]}')$$, '23514', null, 'an unknown home');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'forever', '{"public": ["id"]}')$$, '23503', null, 'an unknown retention');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id"], "phi": ["id"]}')$$, '23505', null, 'two classes at once');
select throws_ok(
  $$select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"auth_secret": ["code"]}', protected => '{"rot13": ["code"]}')$$,
  '23514', null, 'a protection that is none');
select is(
  (select count(*) from app_private.classified_columns where table_name = 'app_public.toys'), 4::bigint,
  'what was said before still holds');

select app_private.classify('app_public.toys', 'platform', 'reference', '{"public": ["id"]}');
select results_eq(
  $$select column_name, retention from app_private.classified_columns where table_name = 'app_public.toys'$$,
  $$values ('id', 'reference')$$, 'said again, it replaces what was said');
select set_eq($$select * from app_private.classified_columns where table_name <> 'app_public.toys'$$, 'select * from of_others', 'of this table alone');
alter table app_public.toys drop column address;
select throws_ok(
  format('select app_private.classify(%L, %L, %L, %L)', 'app_public.toys', 'clinic', 'clinic', jsonb_build_object('public', array['id', attname])),
  'classify: app_public.toys has no column ' || attname, 'what was dropped is no column')
from pg_attribute where attrelid = 'app_public.toys'::regclass and attisdropped;
select * from finish();
rollback;
