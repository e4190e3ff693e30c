-- Test: lint - every status moves only along its transitions. APT-01.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('state_machines')$$,
  'every status moves only along its transitions');

create temporary table before as select object from tests.lint('state_machines');
create table app_public.toys (id uuid, status text);
create table app_public.games (id uuid, status text);
insert into app_private.state_transitions (entity, from_state, to_state, actor) values ('games', '', 'new', 'system');
alter table app_public.appointments disable trigger _200_guard_state;
select set_eq(
  $$select object from tests.lint('state_machines') except select object from before$$,
  array[
    'app_public.toys.status',
    'app_public.games',
    'app_public.appointments'
  ],
  'a status without moves, one without its guard and a disabled guard are named');
select * from finish();
rollback;
