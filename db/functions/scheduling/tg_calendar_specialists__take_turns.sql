-- A newcomer joins the round robin at the current minimum of their tier: at zero every booking would be theirs until
-- they had caught up with years. Who leaves and comes back is a newcomer. SCH-04.

set role app_engine;

create or replace function app_private.tg_calendar_specialists__take_turns() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_private.specialist_assignment_tracking (organization_id, calendar_id, specialist_id, assigned_count)
  select new.organization_id, new.calendar_id, new.specialist_id, coalesce(min(t.assigned_count), 0)
  from app_public.calendars as c
  join app_public.calendar_specialists as cs
    on cs.organization_id = c.organization_id and cs.calendar_id = c.id
   and (c.assignment_strategy <> 'priority' or cs.priority = new.priority)
  join app_public.specialists as sp
    on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id
   and sp.scheduling_active and sp.deleted_at is null
  join app_private.specialist_assignment_tracking as t
    on t.organization_id = cs.organization_id and t.calendar_id = cs.calendar_id and t.specialist_id = cs.specialist_id
  where c.organization_id = new.organization_id and c.id = new.calendar_id;
  return null;
end;
$$;

comment on function app_private.tg_calendar_specialists__take_turns is
  'Gives a specialist who joins a calendar their place in its round robin. Trigger _500_take_turns.';

reset role;
