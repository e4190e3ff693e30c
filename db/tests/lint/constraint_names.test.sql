-- Test: lint - constraints are named as sentences. FND-29.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('constraint_names')$$,
  'constraints are named as sentences');

create temporary table before as select object from tests.lint('constraint_names');
create table app_public.toys (id uuid unique, age int check (age > 0), name text constraint toys_name_is_not_blank check (name <> ''));
select set_eq(
  $$select object from tests.lint('constraint_names') except select object from before$$,
  array[
    'app_public.toys (toys_id_key)',
    'app_public.toys (toys_age_check)'
  ],
  'names that PostgreSQL made up are refused');
select * from finish();
rollback;
