-- Test: lint - every object surface carries a class and a retention. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('surfaces')$$,
  'every object surface carries a class and a retention');

create temporary table before as select object from tests.lint('surfaces');
create table app_private.toy_surfaces (
  key text primary key, class text not null references app_private.data_classes, retention text not null references app_private.retentions
);
create table app_private.game_surfaces (key text primary key, class text, retention text not null references app_private.retentions);
insert into app_private.toy_surfaces values ('drawings', 'phi', 'clinic');
insert into app_private.game_surfaces values ('boards', 'phi', 'clinic'), ('scores', null, 'clinic');
create table app_public.toys (id uuid, surface text references app_private.toy_surfaces, object_key text);
create table app_public.games (id uuid, object_key text);
select set_eq(
  $$select object from tests.lint('surfaces') except select object from before$$,
  array[
    'app_private.game_surfaces',
    'app_private.game_surfaces scores',
    'app_public.games.object_key'
  ],
  'surfaces whose class may be left out, one that has none, and an object of no surface are named');
select * from finish();
rollback;
