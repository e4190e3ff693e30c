-- Hours that stand in each other: two rows of a weekday that overlap, or a night that runs into the next morning's row. The
-- listing reads them as one stretch, so nothing breaks; but whoever typed 09:00 to 17:00 beside 12:00 to 20:00 may have
-- meant something else, and is told. SCH-01, SCH-02.

set role app_engine;

create or replace function app_public.overlapping_hours(organization_id uuid) returns setof app_public.hours_overlap
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if overlapping_hours.organization_id is null or not app_private.is_staff_of(overlapping_hours.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;

  -- Minutes of the week; what runs past Sunday midnight goes on on Monday.
  return query
    with hours as (
      select h.id, h.specialist_id, null::uuid as calendar_id, h.weekday, h.starts, h.ends
      from app_public.specialist_weekly_hours as h
      where h.organization_id = overlapping_hours.organization_id
      union all
      select h.id, h.specialist_id, h.calendar_id, h.weekday, h.starts, h.ends
      from app_public.calendar_hours as h
      where h.organization_id = overlapping_hours.organization_id
    ), stretches as (
      select hours.*, int4range(
        stretch.first, stretch.first + (extract(epoch from hours.ends - hours.starts)::int / 60 + 1439) % 1440 + 1) as stretch
      from hours
      cross join lateral (
        select (hours.weekday - 1) * 1440 + extract(epoch from hours.starts)::int / 60 as first
      ) as stretch
    )
    select one.specialist_id, one.calendar_id, one.weekday, one.starts, one.ends, other.weekday, other.starts, other.ends
    from stretches as one
    join stretches as other
      on other.specialist_id is not distinct from one.specialist_id
     and other.calendar_id is not distinct from one.calendar_id
     and (one.stretch && other.stretch and (lower(one.stretch), one.id) < (lower(other.stretch), other.id)
          or one.stretch && int4range(lower(other.stretch) + 10080, upper(other.stretch) + 10080))
    order by one.calendar_id nulls first, one.specialist_id, one.weekday, one.starts, other.weekday, other.starts;
end;
$$;

comment on function app_public.overlapping_hours is
  E'@longestPage 400\n'
  'For staff: weekly hours of the clinic that overlap, of one specialist or of one calendar; they count as one stretch.';

grant execute on function app_public.overlapping_hours to app_member;

reset role;
