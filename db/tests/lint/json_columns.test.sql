-- Test: lint - an object that may hold anything is personal, or somebody answers for it. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('json_columns')$$,
  'an object that may hold anything is personal, or somebody answers for it');

create temporary table before as select object from tests.lint('json_columns');
create table app_public.toys (id uuid, details jsonb, history jsonb);
select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"operational": ["id", "details"], "phi": ["history"]}');
select set_eq(
  $$select object from tests.lint('json_columns') except select object from before$$,
  array[
    'app_public.toys.details'
  ],
  'an object that is said to be operational is named');
select * from finish();
rollback;
