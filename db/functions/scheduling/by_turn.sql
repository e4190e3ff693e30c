-- Of those who are free, whose turn it is first. SCH-04.
-- Turns are read and taken one at a time, or two who book at once would both take the same turn: where there is a choice
-- the calendar is locked, before any day. A group that has begun to fill is filled before another one is opened. SCH-02.

create or replace function app_private.by_turn(calendar_id uuid, free app_private.free_start[])
returns app_private.free_start[]
language plpgsql volatile
set search_path = ''
as $$
begin
  if cardinality(free) < 2 then
    return free;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('assignment:' || by_turn.calendar_id, 0));
  return array(
    select f
    from unnest(free) as f
    join app_private.assignment_order(by_turn.calendar_id) as o on o.specialist_id = f.specialist_id
    order by
      case when (select c.capacity > 1 from app_public.calendars as c where c.id = by_turn.calendar_id)
        then app_private.session_at(by_turn.calendar_id, f) is null end,
      o.turn);
end;
$$;

comment on function app_private.by_turn is
  'These specialists in the order of their turns; the turns of the calendar are locked where there is a choice.';

grant execute on function app_private.by_turn to app_engine;
