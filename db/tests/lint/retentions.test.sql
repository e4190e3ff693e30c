-- Test: lint - reference data names nobody and is written by migrations only. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('retentions')$$,
  'reference data names nobody and is written by migrations only');

create temporary table before as select object from tests.lint('retentions');
create table app_public.toys (id uuid, maker_name text);
create table app_public.games (id uuid);
select app_private.classify('app_public.toys', 'platform', 'reference', '{"public": ["id"], "pii_basic": ["maker_name"]}');
select app_private.classify('app_public.games', 'platform', 'reference', '{"public": ["id"]}');
grant insert on app_public.games to app_member;
select set_eq(
  $$select object from tests.lint('retentions') except select object from before$$,
  array[
    'app_public.toys.maker_name',
    'app_public.games'
  ],
  'a name that is kept for ever, and reference data that members write, are named');
select * from finish();
rollback;
