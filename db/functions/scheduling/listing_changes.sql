-- What became of the listings that somebody watches. Nothing is written for it: the servers ask while they have listeners,
-- of all their calendars at once, and know what they have told already. Days leave, never whose time it is. SCH-07.
-- A listing changes when
--   a claim is made: read from the claims themselves, by the time in their ids;
--   a claim moves, is given back, or is taken again after it had expired: slot.held and slot.released say so;
--   a hold expires, which writes nothing: read by its expiry;
--   whoever manages the clinic edits what timetables() reads: the audit has an entry;
--   a day ends, by the calendar's clocks.
-- A calendar is concerned by the claims of its specialists, in whichever calendar they are booked, and by all claims of
-- the clinic if it needs rooms or equipment. A day too many costs a question, a day too few a wrong answer.

set role app_engine;

create or replace function app_hidden.listing_changes(calendar_ids uuid[], lookback interval default '30 seconds')
returns table (calendar_id uuid, standing text, change text, days date[])
language sql stable strict security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
  with watched as materialized (
    select c.id, c.organization_id, c.timezone,
      (app_hidden.now() at time zone c.timezone)::date as today,
      (app_hidden.now() at time zone c.timezone)::date + c.horizon_days as last_day,
      -- As app_private.visible_calendar() decides.
      case when c.is_public and o.activated_at is not null then 'public' else 'staff' end as standing,
      -- A start is concerned when its slot, cooldown included, would touch the claim.
      make_interval(mins => lengths.longest + c.buffer_after_minutes) as reaches_forward,
      make_interval(mins => c.buffer_before_minutes) as reaches_back,
      -- When a slot of "any" ends is told by whose turn it is, on all days.
      lengths.differ and c.assignment_strategy <> 'specific' as is_by_turn,
      exists (select from app_public.calendar_resources as cr
              where cr.organization_id = c.organization_id and cr.calendar_id = c.id) as needs_resources
    from app_public.calendars as c
    join app_public.organizations as o on o.id = c.organization_id and o.deleted_at is null
    join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
    cross join lateral (
      select coalesce(max(coalesce(cs.duration_minutes, c.duration_minutes, s.duration_minutes)), 0) as longest,
             count(distinct coalesce(cs.duration_minutes, 0)) > 1 as differ
      from app_public.calendar_specialists as cs
      where cs.organization_id = c.organization_id and cs.calendar_id = c.id
    ) as lengths
    where c.id = any (calendar_ids)
      and c.is_active and c.deleted_at is null
      and s.is_active and s.deleted_at is null
  ),
  clinics as materialized (
    select array_agg(distinct watched.organization_id) as ids from watched
  ),
  bounds as materialized (
    -- Two ends each: of what has one alone, the planner expects a third of the table, and reads it whole.
    select app_private.first_id_at(clock_timestamp() - lookback) as first_id,
           app_private.first_id_at(clock_timestamp() + interval '1 hour') as last_id,
           app_hidden.now() - lookback as "from", app_hidden.now() + interval '1 hour' as until
  ),
  claims as materialized (
    select 'made ' || tc.id as change, tc.organization_id, tc.calendar_id, tc.specialist_id, tc.blocked
    from app_private.time_claims as tc
    where tc.id >= (select bounds.first_id from bounds) and tc.id < (select bounds.last_id from bounds)
      and tc.organization_id = any ((select clinics.ids from clinics)::uuid[])
    union all
    select 'expired ' || tc.id || ' ' || tc.expires_at, tc.organization_id, tc.calendar_id, tc.specialist_id, tc.blocked
    from app_private.time_claims as tc
    where tc.kind = 'hold' and tc.released_at is null
      and tc.expires_at > (select bounds."from" from bounds) and tc.expires_at <= app_hidden.now()
      and tc.organization_id = any ((select clinics.ids from clinics)::uuid[])
    union all
    select 'event ' || e.id, e.organization_id, (e.payload ->> 'calendarId')::uuid, (e.payload ->> 'specialistId')::uuid,
      -- The claim's own cooldown; of one that has another time by now, the longest that there is.
      case when tc.during = told.during then tc.blocked
        else tstzrange(lower(told.during) - interval '480 minutes', upper(told.during) + interval '480 minutes') end
    from app_private.events as e
    cross join lateral (
      select tstzrange((e.payload ->> 'startsAt')::timestamptz, (e.payload ->> 'endsAt')::timestamptz) as during
    ) as told
    left join app_private.time_claims as tc on tc.organization_id = e.organization_id and tc.id = e.subject_id
    where e.id >= (select bounds.first_id from bounds) and e.id < (select bounds.last_id from bounds)
      and e.organization_id = any ((select clinics.ids from clinics)::uuid[])
      and e.name in ('slot.held', 'slot.released')
  ),
  -- Who is concerned first, since clocks are dear.
  concerned as materialized (
    select watched.*, claims.change, claims.blocked
    from claims
    join watched on watched.organization_id = claims.organization_id
    where watched.needs_resources
      or watched.is_by_turn and claims.calendar_id = watched.id
      or exists (select from app_public.calendar_specialists as cs
                 where cs.organization_id = watched.organization_id and cs.calendar_id = watched.id
                   and cs.specialist_id = claims.specialist_id)
  ),
  changes as materialized (
    select concerned.id, concerned.change,
      case when not concerned.is_by_turn and span.last - span.first < 62 then array(
        select span.first + n from generate_series(0, span.last - span.first) as n) end as days
    from concerned
    cross join lateral (
      select greatest(concerned.today,
               ((lower(concerned.blocked) - concerned.reaches_forward + interval '1 microsecond')
                at time zone concerned.timezone)::date) as first,
             least(concerned.last_day,
               ((upper(concerned.blocked) + concerned.reaches_back - interval '1 microsecond')
                at time zone concerned.timezone)::date) as last
    ) as span
    where span.first <= span.last or concerned.is_by_turn
    union all
    -- Turns are counted when a booking is made or called off.
    select watched.id, 'event ' || e.id, null
    from app_private.events as e
    join watched on watched.organization_id = e.organization_id and watched.is_by_turn
    where e.id >= (select bounds.first_id from bounds) and e.id < (select bounds.last_id from bounds)
      and e.subject_type in ('appointment', 'booking_request')
    union all
    -- Of a thousand edits at once the last ones will do.
    select watched.id, 'entry ' || edited.id, null
    from (select distinct watched.organization_id from watched) as clinic
    cross join lateral (
      select entries.id
      from audit.entries
      where entries.scope_id = clinic.organization_id
        and entries.occurred_at >= (select bounds."from" from bounds)
        and entries.occurred_at < (select bounds.until from bounds)
        and entries.table_name = any ((select app_private.tables_of_listings())::text[])
        and (entries.table_name <> 'app_public.organizations' or entries.changed && '{activated_at,deleted_at}')
        and (entries.table_name <> 'app_public.organization_subscriptions' or entries.changed && '{status,anchor_on}')
      order by entries.occurred_at desc, entries.id desc
      limit 100
    ) as edited
    join watched on watched.organization_id = clinic.organization_id
    union all
    select watched.id, 'day ' || watched.today, array[watched.today, watched.last_day]
    from watched
    where ((select bounds."from" from bounds) at time zone watched.timezone)::date < watched.today
  )
  select asked.id, coalesce(watched.standing, 'off'), changes.change, changes.days
  from unnest(calendar_ids) as asked (id)
  left join watched on watched.id = asked.id
  left join changes on changes.id = watched.id
$$;

comment on function app_hidden.listing_changes is
  'Of each calendar: public (whoever may list it), staff or off, and a row for each change of its listing lately, with the '
  'days concerned or null for all of them.';
grant execute on function app_hidden.listing_changes to app_authenticator;

reset role;
