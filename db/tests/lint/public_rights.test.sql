-- Test: lint - PUBLIC has no right anywhere. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('public_rights')$$,
  'PUBLIC has no right anywhere');

create temporary table before as select object from tests.lint('public_rights');
create function app_private.play() returns int language sql set search_path = '' return 1;
grant execute on function app_private.play() to public;
create table app_public.toys (id uuid, secret text);
grant select (secret) on app_public.toys to public;
grant usage on schema app_private to public;
create table app_public.games (id uuid);
grant select on app_public.games to public;
select set_eq(
  $$select object from tests.lint('public_rights') except select object from before$$,
  array[
    'app_private.play()',
    'app_public.toys.secret',
    'app_private',
    'app_public.games'
  ],
  'an executable function, a readable column, a usable schema and a readable table are named');
select * from finish();
rollback;
