-- The one predicate of list and hold: who can be booked at this start. It reads what the listing reads, so a hold succeeds
-- exactly when its start is listed; a time that is kept is asked again by require_bookable(). SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the grid
-- aside, never another claim, nor a past longer than an hour. It goes to those for whom least is set aside: nobody is
-- called back from a vacation while a colleague is there.

create or replace function app_private.bookable(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false,
  own_claim_id uuid default null
) returns app_private.free_start[]
language plpgsql stable
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  -- Of several specialists the rule that came closest is told: who is merely taken says more than who is off. The same
  -- order says what is the least to set aside.
  c_closest constant text[] := array[
    'taken', 'off_the_grid', 'closed', 'outside_hours', 'beyond_horizon', 'inside_notice', 'in_the_past'];
  c_lightest constant text[] := array[
    'inside_notice', 'beyond_horizon', 'in_the_past', 'off_the_grid', 'outside_hours', 'closed'];
  v_free app_private.free_start[];
  v_closest int;
begin
  perform app_private.require_start(bookable.starts_at);

  select
    array_agg((v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start)
      filter (where cardinality(v.rules) = 0),
    min(array_position(c_closest, v.rules[1]))
  into v_free, v_closest
  from app_private.verdicts(
    bookable.calendar_id, bookable.starts_at, bookable.specialist_id, bookable.own_claim_id) as v;

  if v_free is null and override then
    select array_agg((weighed.specialist_id, weighed.starts_at, weighed.ends_at, weighed.blocked)::app_private.free_start)
    into v_free
    from (
      select v.*, rank() over (order by heaviest.place) as place
      from app_private.verdicts(
        bookable.calendar_id, bookable.starts_at, bookable.specialist_id, bookable.own_claim_id) as v
      cross join lateral (select max(array_position(c_lightest, broken)) as place from unnest(v.rules) as broken) as heaviest
      where not 'taken' = any (v.rules)
        and v.starts_at >= app_hidden.now() - interval '1 hour'
    ) as weighed
    where weighed.place = 1;
    if v_free is null and exists (
      select from app_private.verdicts(
        bookable.calendar_id, bookable.starts_at, bookable.specialist_id, bookable.own_claim_id) as v
      where 'taken' = any (v.rules)
    ) then
      v_closest := array_position(c_closest, 'taken');
    end if;
  end if;

  if v_free is null then
    perform app_private.refuse_rule(coalesce(c_closest[v_closest], 'no_specialist'), bookable.calendar_id, bookable.starts_at);
  end if;
  return v_free;
end;
$$;

comment on function app_private.bookable is
  'Who can be booked at a start. Nobody: SLOT_TAKEN, or VALIDATION naming the rule.';

grant execute on function app_private.bookable to app_engine;
