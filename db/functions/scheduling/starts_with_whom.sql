-- Every start at which somebody of a calendar can be booked, and all who can: what free_starts() says, a row for each
-- start instead of one for each specialist as well. SCH-05.
-- Who is free is a string of bits, one for each specialist in the order of their ids. A start that nobody's closing or
-- claim rules out gets the bits of all who have these hours, without a look at each. The ids of one set are put together
-- once, however many starts have it: a year of twenty specialists is 80,000 ids and some hundred sets.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.starts_with_whom(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null
) returns table (starts_at timestamptz, duration interval, specialist_ids uuid[])
language sql stable
begin atomic
  with alike as materialized (
    select row_number() over () as n, t.*
    from app_private.timetables_alike(
      starts_with_whom.calendar_id, starts_with_whom."from", starts_with_whom."to", starts_with_whom.specialist_id,
      starts_with_whom.own_claim_id) as t
  ),
  people as materialized (
    select p.n, p.id, p.ruled_out, set_bit(repeat('0', p.people)::varbit, p.turn - 1, 1) as bit
    from (
      select alike.n, one.id, one.ruled_out,
        (row_number() over (order by one.id))::int as turn, (count(*) over ())::int as people
      from alike
      cross join lateral unnest(alike.specialist_ids, alike.ruled_out) as one (id, ruled_out)
    ) as p
    order by p.id
  ),
  everybody as materialized (
    select people.n, bit_or(people.bit) as bits from people group by people.n
  ),
  starts as materialized (
    select start, alike.duration,
      case when alike.ruled_out_for_some @> start then
        everybody.bits & ~(
          select bit_or(people.bit) from people where people.n = alike.n and people.ruled_out @> start)
      else everybody.bits end as bits
    from alike
    join everybody on everybody.n = alike.n
    cross join lateral app_private.starts_within(
      alike.windows, alike.timezone, alike.step, alike.duration, alike.ruled_out_for_all, alike.earliest, alike.latest) as start
  ),
  -- Whoever has other hours may start at the same time. As they are equally long, what starts together ends together.
  free as materialized (
    select starts.start, any_value(starts.duration) as duration, bit_or(starts.bits) as bits
    from starts
    group by starts.start
  ),
  sets as materialized (
    select s.bits,
      array(select people.id from people where people.bit & s.bits = people.bit order by people.id) as specialist_ids
    from (select distinct free.bits from free) as s
  )
  select free.start, free.duration, sets.specialist_ids
  from free
  join sets on sets.bits = free.bits;
end;

comment on function app_private.starts_with_whom is
  'Every start in a window at which a specialist of the calendar can be booked, with all who can, by id. Only of '
  'calendars whose specialists take equally long. own_claim_id stands aside.';

grant execute on function app_private.starts_with_whom to app_engine;
