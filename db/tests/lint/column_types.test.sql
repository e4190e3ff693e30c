-- Test: lint - columns have the types that keep their meaning. FND-29.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('column_types')$$,
  'columns have the types that keep their meaning');

create temporary table before as select object from tests.lint('column_types');
create table app_public.toys (weight float8, price_amount int, seen_at timestamp, born_on timestamptz, owner_ids uuid[], price money);
select set_eq(
  $$select object from tests.lint('column_types') except select object from before$$,
  array[
    'app_public.toys.weight',
    'app_public.toys.price_amount',
    'app_public.toys.seen_at',
    'app_public.toys.born_on',
    'app_public.toys.owner_ids',
    'app_public.toys.price'
  ],
  'floats, narrow money, naive instants, days with hours and arrays of ids are named');
select * from finish();
rollback;
