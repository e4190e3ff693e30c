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
update app_private.state_transitions set quiet_because = null where entity = 'appointments' and to_state = 'done';
update app_private.state_transitions set quiet_because = 'a reason' where entity = 'appointments' and to_state = 'cancelled' and from_state = 'booked';
update app_private.state_transitions set not_before = 'begins_at', lead_minutes = 'patience' where entity = 'booking_requests' and to_state = 'expired';
alter table app_public.appointments disable trigger _200_guard_state;
select set_eq(
  $$select object from tests.lint('state_machines') except select object from before$$,
  array[
    'app_public.toys.status',
    'app_public.games',
    'app_public.appointments',
    'appointments inprogress > done',
    'appointments booked > cancelled',
    'booking_requests requested > expired'
  ],
  'a status without moves, one without its guard, a disabled guard, a move that tells nobody without a reason, one that '
  'does and gives a reason, and one that waits for a column that is not there, are named');
select * from finish();
rollback;
