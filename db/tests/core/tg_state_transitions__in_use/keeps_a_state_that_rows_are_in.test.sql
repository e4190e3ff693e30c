-- Test: tg_state_transitions__in_use - the last move that names a state stays while rows are in the state. APT-01.
begin;
select plan(7);
create table app_public.toys (name text primary key, status text not null);
create trigger _200_guard_state before insert or update of status on app_public.toys
  for each row execute function app_private.tg_guard_state();
grant select on app_public.toys to app_engine;
create table app_public.games (name text primary key, status text not null);
insert into app_public.games values ('not guarded', 'broken');
create trigger _050_read_facts before insert on app_public.games for each row execute function app_private.tg_read_facts('name name');
grant select on app_public.games to app_engine;
insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  ('toys', '', 'new', 'system'), ('toys', 'new', 'broken', 'system'), ('toys', 'new', 'lost', 'system'),
  ('toys', 'broken', 'lost', 'system'), ('games', '', 'broken', 'system');
insert into app_public.toys values ('ball', 'new');
update app_public.toys set status = 'broken';

select lives_ok($$delete from app_private.state_transitions where entity = 'toys' and from_state = 'broken'$$,
  'a move out of a state in which rows are may go: another one leads there');
select throws_ok($$delete from app_private.state_transitions where entity = 'toys' and to_state = 'broken'$$,
  '23503', 'The state broken is in use.', 'the last one that names the state may not');
select lives_ok($$delete from app_private.state_transitions where entity = 'toys' and to_state = 'lost'$$,
  'a state in which no row is may be forgotten');
select throws_ok($$delete from app_private.state_transitions where entity = 'toys'$$,
  '23503', 'The state broken is in use.', 'nor all at once');
select set_eq($$select from_state || '>' || to_state from app_private.state_transitions where entity = 'toys'$$,
  array['>new', 'new>broken'], 'what was refused is there');
select lives_ok($$delete from app_private.state_transitions where entity = 'games'$$,
  'a table without the guard has no states');
delete from app_public.toys;
select lives_ok($$delete from app_private.state_transitions where entity = 'toys'$$, 'without rows, all may go');
select * from finish();
rollback;
