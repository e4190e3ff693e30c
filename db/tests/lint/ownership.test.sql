-- Test: lint - all belongs to the migrator but the functions that run with the engine's rights. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('ownership')$$,
  'all belongs to the migrator but the functions that run with the engine''s rights');

create temporary table before as select object from tests.lint('ownership');
create table app_public.toys (id uuid);
alter table app_public.toys owner to app_engine;
create type app_public.colour as enum ('red');
alter type app_public.colour owner to app_engine;
create type app_public.pair as (a text, b text);
alter type app_public.pair owner to app_engine;
create domain app_public.age as int;
alter domain app_public.age owner to app_engine;
create function app_private.play() returns int language sql set search_path = '' return 1;
alter function app_private.play() owner to app_engine;
create function app_private.sing() returns int language sql security definer set search_path = '' return 1;
alter function app_private.sing() owner to app_engine;
alter schema analytics owner to app_engine;
select set_eq(
  $$select object from tests.lint('ownership') except select object from before$$,
  array[
    'app_public.toys', 'app_public.colour', 'app_public.pair', 'app_public.age', 'app_private.play()', 'analytics'
  ],
  'a table, a type, a schema and a function of the engine are named, but not one that runs with its rights');
select * from finish();
rollback;
