-- Test: lint - a position orders within one thing, and a unique key says within which. SCA-01.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('positions')$$,
  'every position orders within one thing');

create temporary table before as select object from tests.lint('positions');
create table app_public.toys (id uuid primary key, position int unique);
create table app_public.games (id uuid primary key, position int);
create table app_public.songs (id uuid primary key, album_id uuid, position int, unique (album_id, position));
select set_eq(
  $$select object from tests.lint('positions') except select object from before$$,
  array['app_public.toys.position', 'app_public.games.position'],
  'one that orders a whole table, and one that nothing keeps apart, are named');
select * from finish();
rollback;
