-- Test: lint - a visitor reads what is public, an analyst nothing about anybody. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('class_grants')$$,
  'a visitor reads what is public, an analyst nothing about anybody');

create temporary table before as select object from tests.lint('class_grants');
create table app_public.toys (id uuid, owner_name text, price int, colour text);
select app_private.classify('app_public.toys', 'clinic', 'clinic',
  '{"public": ["id"], "pii_basic": ["owner_name"], "operational": ["price"], "phi": ["colour"]}');
grant select (id, price) on app_public.toys to app_anonymous;
grant select (id, price, owner_name) on app_public.toys to app_analyst;
grant select on app_public.toys to app_member;
select set_eq(
  $$select object from tests.lint('class_grants') except select object from before$$,
  array[
    'app_public.toys.owner_name',
    'app_public.toys.price'
  ],
  'more than public for a visitor, and a name for an analyst, are named');
select * from finish();
rollback;
