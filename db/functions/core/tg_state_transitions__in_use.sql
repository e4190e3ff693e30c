-- A state is not forgotten while a row is in it: nothing could be done with that row any more. APT-01.

set role app_engine;

create or replace function app_private.tg_state_transitions__in_use() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_state text;
  v_table regclass;
  v_is_used boolean;
begin
  for v_state, v_table in
    select known.state, guard.tgrelid::regclass
    from unnest(array[old.from_state, old.to_state]) as known (state)
    join pg_catalog.pg_class as entity on entity.relname = old.entity
    join pg_catalog.pg_trigger as guard
      on guard.tgrelid = entity.oid and guard.tgfoid = 'app_private.tg_guard_state'::regproc
    where not exists (
      select from app_private.state_transitions as transition
      where transition.entity = old.entity and known.state in (transition.from_state, transition.to_state))
  loop
    execute format('select exists (select from %s where status = $1)', v_table) into v_is_used using v_state;
    if v_is_used then
      raise exception using
        errcode = 'foreign_key_violation',
        message = format('The state %s is in use.', v_state),
        detail = format('Rows of %s are %s, and no other move begins or ends there.', v_table, v_state);
    end if;
  end loop;
  return null;
end;
$$;

comment on function app_private.tg_state_transitions__in_use is
  'Refuses to take out the last move that names a state in which rows are. Trigger _200_in_use.';

reset role;

create or replace trigger _200_in_use after delete on app_private.state_transitions
  for each row execute function app_private.tg_state_transitions__in_use();
