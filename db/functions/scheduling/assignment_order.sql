-- Whose turn it is in a calendar. Round robin: who was assigned least, then who waited longest (never comes first),
-- then by id; priority: the same inside each tier. SCH-02, SCH-04.
-- Counters move when a booking is counted. What is held or requested but not counted yet weighs in, or visitors who
-- fill their forms at the same time would all be given the same specialist.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.assignment_order(calendar_id uuid)
returns table (specialist_id uuid, turn bigint)
language sql stable
begin atomic
  select standing.specialist_id,
    row_number() over (
      order by standing.tier, standing.assigned, standing.last_assigned_at nulls first, standing.specialist_id)
  from (
    select
      cs.specialist_id,
      case when c.assignment_strategy = 'priority' then cs.priority else 1 end as tier,
      coalesce(t.assigned_count, 0) + pending.claims as assigned,
      greatest(t.last_assigned_at, pending.last_made_at) as last_assigned_at
    from app_public.calendars as c
    join app_public.calendar_specialists as cs
      on cs.organization_id = c.organization_id and cs.calendar_id = c.id
    left join app_private.specialist_assignment_tracking as t
      on t.organization_id = c.organization_id and t.calendar_id = c.id and t.specialist_id = cs.specialist_id
    cross join lateral (
      select count(*) as claims, max(tc.created_at) as last_made_at
      from app_private.time_claims as tc
      where tc.organization_id = c.organization_id and tc.calendar_id = c.id and tc.specialist_id = cs.specialist_id
        and tc.kind in ('hold', 'request') and tc.released_at is null and tc.counted_at is null
        and (tc.expires_at is null or tc.expires_at > (select app_hidden.now()))
    ) as pending
    where c.id = assignment_order.calendar_id
  ) as standing;
end;

comment on function app_private.assignment_order is
  'The specialists of a calendar, whose turn it is first, whether or not they are free.';

grant execute on function app_private.assignment_order to app_engine;
