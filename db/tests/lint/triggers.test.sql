-- Test: lint - triggers show their order and their task, and stamps are set. FND-08.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('triggers')$$,
  'triggers show their order and their task, and stamps are set');

create temporary table before as select object from tests.lint('triggers');
create table app_public.toys (id uuid, updated_at timestamptz);
create function app_private.play() returns trigger language plpgsql set search_path = '' as 'begin return new; end';
create trigger sing before insert on app_public.toys for each row execute function app_private.play();
select set_eq(
  $$select object from tests.lint('triggers') except select object from before$$,
  array[
    'app_public.toys.sing',
    'app_public.toys'
  ],
  'another name, another function and a table that nobody stamps are named');
select * from finish();
rollback;
