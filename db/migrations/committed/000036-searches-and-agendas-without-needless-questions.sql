--! Previous: sha1:bce2de1d1647bae4a4eeca21e8bb784376f09414
--! Hash: sha1:922583388ca4a7bff03579a4dcc38eebbcde326c
--! Message: searches and agendas without needless questions

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/audit/first_fault.sql
-- Reads a part of a chain again and names the first thing that is not as it was sealed. FND-09.
-- One statement: each row is held to its own bytes, hash and digest where it is read, then to its neighbours. `return
-- query` may use parallel workers, where `select into` may not.
-- `offset 0` keeps a row's own checks where it is read, and a fault from being worked out twice.
-- The bytes of a row begin with a count (4 bytes) and the hash before it (type and length, 8, then the hash or nothing).

set role app_engine;

create or replace function audit.first_fault(
  scope_id uuid, first bigint, last bigint, earliest timestamptz, latest timestamptz
) returns table (finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
set work_mem = '64MB'
set jit = off
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set min_parallel_table_scan_size = '1MB'
as $$
#variable_conflict use_column
begin
  return query
  with sealed as (
    select s.sequence, s.occurred_at, s.id, s.entries, s.entries_hash, s.hash, substr(s.bytes, 13, 32) as previous,
      case
        when sha256(s.bytes) <> s.hash then 'changed'
        when s.bytes <> own.bytes then
          -- All but the sequence: eight bytes after the chain.
          case when overlay(s.bytes placing '' from 77 for 8) = overlay(own.bytes placing '' from 77 for 8)
            then 'reordered' else 'changed' end
      end as fault
    from audit.seals as s
    cross join lateral (
      select audit.seal_bytes(substr(s.bytes, 13, 32), s.scope_id, s.sequence, s.id, s.occurred_at, s.sealed_at,
                              s.entries, s.entries_hash) as bytes
    ) as own
    where s.scope_id = first_fault.scope_id and s.sequence between first_fault.first - 1 and first_fault.last
    offset 0
  ),
  chain as (
    select s.sequence, s.previous_sequence, s.id, s.entries, s.entries_hash,
      case
        when s.sequence > s.previous_sequence + 1 then 'missing|seal'
        when s.sequence = s.previous_sequence then 'added|seal'
        when s.fault is not null then s.fault || '|seal'
        when s.previous <> s.previous_hash then 'changed|seal before' -- this one remembers another
      end as fault
    from (
      select sealed.*,
        lag(sealed.sequence, 1, case when first_fault.first = 1 then 0 else first_fault.first - 2 end) over before as previous_sequence,
        lag(sealed.hash, 1, decode(repeat('00', 32), 'hex')) over before as previous_hash
      from sealed
      window before as (order by sealed.sequence, sealed.occurred_at rows unbounded preceding)
    ) as s
  ),
  written as (
    select e.seal_id, e.position, e.id, e.hash, own.previous,
      case
        when sha256(e.bytes) <> e.hash then 'changed'
        when e.bytes <> own.bytes then
          -- All but seal and position: 36 bytes after the hash before.
          case when overlay(e.bytes placing '' from own.place for 36) = overlay(own.bytes placing '' from own.place for 36)
            then 'reordered' else 'changed' end
        when e.key is null then case when num_nonnulls(e.old, e.new, e.ip, e.user_agent) > 0 then 'values differ' else 'erased' end
        when audit.entry_digest(e.old, e.new, e.ip, e.user_agent, e.key) <> e.digest then 'values differ'
      end as fault
    from audit.entries as e
    cross join lateral (
      select case when get_byte(e.bytes, 8) = 0 then substr(e.bytes, 13, 32) end as previous -- a length, or -1 for null
    ) as before
    cross join lateral (
      select before.previous,
             audit.entry_bytes(before.previous, e.seal_id, e.position, e.id, e.organization_id, e.occurred_at, e.actor_id,
               e.impersonator_id, e.session_role, e.request_id, e.action, e.table_name, e.row_key, e.person_id, e.changed,
               e.digest) as bytes,
             case when before.previous is null then 13 else 45 end as place
    ) as own
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
    offset 0
  ),
  placed as (
    select w.seal_id, w.position, w.id, w.hash, w.fault, w.is_last,
      w.position > case when w.is_first then 0 else w.previous_position end + 1 as is_after_a_gap,
      not w.is_first and w.position = w.previous_position as is_second,
      w.previous is distinct from case when not w.is_first then w.previous_hash end as is_unlinked
    from (
      -- One window over all: a partition for each seal would cost more than the look at its neighbour.
      select written.*, lag(written.seal_id) over written_order is distinct from written.seal_id as is_first,
             lead(written.seal_id) over written_order is distinct from written.seal_id as is_last,
             lag(written.position) over written_order as previous_position, lag(written.hash) over written_order as previous_hash
      from written
      window written_order as (order by written.seal_id, written.position, written.id rows unbounded preceding)
    ) as w
  ),
  found as (
    select s.sequence, s.previous_sequence, e.seal_id, e.position, e.id,
      case
        when s.id is null then
          case when e.seal_id not in (
            select other.id from audit.seals as other
            where other.scope_id = first_fault.scope_id and other.occurred_at between first_fault.earliest and first_fault.latest
          ) then 'unsealed' end
        when s.sequence < first_fault.first then null
        when s.fault is not null then s.fault
        when e.id is null then 'missing|after'
        when e.is_after_a_gap then 'missing|before'
        when e.is_second or e.position > s.entries then 'added'
        when e.fault <> 'erased' then e.fault
        when coalesce(e.fault = 'erased', false) and e.id::text not in (
          select erasure.row_key
          from audit.entries as erasure
          join audit.seals as of_erasure on of_erasure.scope_id = erasure.scope_id and of_erasure.id = erasure.seal_id
          where erasure.scope_id = first_fault.scope_id and erasure.action = 'erase' and erasure.row_key is not null
        ) then 'values missing'
        when e.is_unlinked then 'changed|before'
        when e.is_last and e.position < s.entries then 'missing|after'
        when e.is_last and e.hash <> s.entries_hash then 'changed'
      end as fault
    from chain as s
    full join placed as e on e.seal_id = s.id
    offset 0
  ),
  first_found as (
    select f.* from found as f where f.fault is not null order by f.sequence nulls last, f.position limit 1
  )
  select split_part(f.fault, '|', 1),
    case f.fault when 'missing|seal' then f.previous_sequence + 1 when 'changed|seal before' then f.sequence - 1 else f.sequence end,
    case when f.fault like '%|seal%' then null when f.fault like '%|before' then f.position - 1
         when f.fault like '%|after' then coalesce(f.position, 0) + 1 else f.position end,
    case when f.fault = 'changed|before' then before.id when f.fault not like '%|%' then f.id end
  from first_found as f
  left join lateral (
    select e.id
    from audit.entries as e
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
      and e.seal_id = f.seal_id and e.position < f.position
    order by e.position desc, e.id desc
    limit 1
  ) as before on f.fault = 'changed|before';
end;
$$;

comment on function audit.first_fault is
  'The first thing in these sequences of a chain that is not as it was sealed, or no row. Times enclose the seals.';

reset role;
-- end of source: functions/audit/first_fault.sql

-- source: functions/patients/search_terms.sql
-- What somebody typed, as what a patient must have: names in any order, a number as people write it, a birthday as
-- they write it in Romanian and English, an address. A word that can be read in several ways is a term of several lines,
-- of which one must fit. Nothing of it becomes a pattern. FND-07.

create or replace function app_private.search_terms(text text, calling_code text) returns text[]
language plpgsql stable strict
set search_path = ''
as $$
declare
  v_rest text := search_terms.text;
  v_date text[];
  v_day date;
  v_number text := '';
  v_names text := '';
  v_terms text[] := '{}';
  v_token text;
begin
  -- 14.03.1985, 14/3/1985, 14-03-85, and 1985-03-14.
  for v_date in
    select match
    from regexp_matches(
      v_rest,
      '(?<![[:alnum:]+])'
      '(?:(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})|(\d{4})([./-])(\d{1,2})\6(\d{1,2}))'
      '(?![[:alnum:]])', 'g') as match
  loop
    v_day := case when v_date[5] is null
      then app_private.day_of(v_date[4], v_date[3], v_date[1])
      else app_private.day_of(v_date[5], v_date[7], v_date[8]) end;
    if v_day is not null then
      v_terms := v_terms || ('=' || to_char(v_day, 'YYYY-MM-DD'));
      v_rest := replace(v_rest, coalesce(
        v_date[1] || v_date[2] || v_date[3] || v_date[2] || v_date[4],
        v_date[5] || v_date[6] || v_date[7] || v_date[6] || v_date[8]), ' ');
    end if;
  end loop;

  foreach v_token in array regexp_split_to_array(v_rest, '\s+') loop
    if position('@' in v_token) > 0 then
      v_terms := v_terms || ('@' || app_hidden.ascii_lower(v_token));
    elsif v_token ~ '^[+(]?[0-9][0-9()./-]*$' then
      v_number := v_number || v_token;
    else
      v_names := v_names || ' ' || v_token;
    end if;
  end loop;

  if v_number <> '' then
    v_terms := v_terms || app_private.number_term(v_number, calling_code);
  end if;
  return (
    select coalesce(array_agg(term), '{}')
    from (
      select term from unnest(v_terms || string_to_array(app_hidden.search_text(v_names), ' ')) with ordinality as part (term, place)
      order by place
      limit 8
    ) as kept);
end;
$$;

comment on function app_private.search_terms is
  'What a patient must have to be found by this text, in the words of patient_search; lines of one term are alternatives.';
grant execute on function app_private.search_terms to app_engine;
-- end of source: functions/patients/search_terms.sql

-- source: functions/patients/search_patients.sql
-- Front desk types what they hear and read: muresan ana, ţăranu, 0722 123, 14.03.1985, ana.pop@. Without diacritics, half
-- of a name, or a name with a slip. FND-07.
-- The rights are asked first, and the engine looks. Whole words come before beginnings, and what is only similar is looked
-- for when little else was found.

set role app_engine;

create or replace function app_public.search_patients(organization_id uuid, text text)
returns setof app_public.patient_match
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_most constant int := 50;
  v_terms text[];
  v_ids uuid[] := '{}';
  v_whole int;
  v_alike int;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  if length(search_patients.text) > 200 then
    perform app_hidden.refuse('VALIDATION', 'text_too_long', '{"field": "text", "most": 200}');
  end if;
  select app_private.search_terms(search_patients.text, organizations.calling_code) into strict v_terms
  from app_public.organizations
  where organizations.id = search_patients.organization_id;

  v_ids := array(select app_private.patients_by_words(organization_id, v_terms, true, v_most));
  v_whole := cardinality(v_ids);
  if v_whole < v_most then
    v_ids := v_ids || array(select app_private.patients_by_words(organization_id, v_terms, false, v_most));
  end if;
  -- What could be the beginning of an address: ana.pop, mari85.
  if v_ids = '{}' and search_patients.text ~ '^\s*[[:alnum:]]+[._+0-9-][[:alnum:]._+-]*\s*$' then
    v_ids := array(select app_private.patients_by_words(
      organization_id, array['@' || app_hidden.ascii_lower(btrim(search_patients.text))], false, v_most));
  end if;
  v_alike := cardinality(v_ids);
  -- Who has the whole word has its beginning as well, and counts once.
  if (select count(distinct id) from unnest(v_ids) as id) < 10 then
    v_ids := v_ids || array(select app_private.patients_by_words(
      organization_id, app_private.similar_terms(organization_id, v_terms), true, 20));
  end if;

  return query
    with found as materialized (
      select id, min(place) as place
      from unnest(v_ids) with ordinality as one (id, place)
      group by id
      order by place
      limit v_most
    )
    select patients.id, patient_profiles.id, found.place > v_alike, coalesce(duplicates.duplicate_ids, '{}')
    from found
    join app_public.patients
      on patients.organization_id = search_patients.organization_id and patients.patient_profile_id = found.id
    join app_public.patient_profiles on patient_profiles.id = found.id
    left join app_private.duplicates_among(search_patients.organization_id, array(select found.id from found)) as duplicates
      on duplicates.patient_profile_id = found.id
    order by found.place > v_alike, found.place > v_whole,
             starts_with(app_hidden.search_text(patient_profiles.family_name), split_part(v_terms[1], e'\n', 1)) desc,
             patient_profiles.family_name collate "ro-x-icu", patient_profiles.given_name collate "ro-x-icu", patients.id;
end;
$$;

comment on function app_public.search_patients is
  E'@arg text Names or their beginnings in any order, a number or its last digits, an address, a birthday; 200 characters at most.\n'
  'Patients of a clinic by what people say of themselves, without regard to case and diacritics: whole words before beginnings, '
  'and where little else is found, names that are similar; the first 50. Needs patients.view.';
grant execute on function app_public.search_patients to app_member;

reset role;
-- end of source: functions/patients/search_patients.sql

-- source: functions/scheduling/working_hours.sql
-- When specialists work, whatever they are booked for: the usual hours and those that their calendars have of their own;
-- a date's other hours instead of them, more hours beside them, and closings out of all. SCH-01, SCH-02.
-- timetables() reads the same rows for one calendar, where the nearest hours alone count; a test holds both together.

create or replace function app_private.working_hours(
  organization_id uuid,
  specialist_ids uuid[],
  "from" timestamptz,
  "to" timestamptz
) returns table (specialist_id uuid, hours tstzmultirange)
language sql stable
begin atomic
  with people as materialized (
    select specialists.id, specialists.scheduling_timezone as timezone
    from app_public.specialists
    where specialists.organization_id = working_hours.organization_id
      and specialists.id = any (working_hours.specialist_ids)
  ),
  weekly as (
    select people.id, people.timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.specialist_weekly_hours as h
      on h.organization_id = working_hours.organization_id and h.specialist_id = people.id
    union
    select people.id, calendars.timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.calendar_specialists as cs
      on cs.organization_id = working_hours.organization_id and cs.specialist_id = people.id
    join app_public.calendars
      on calendars.organization_id = cs.organization_id and calendars.id = cs.calendar_id
     and calendars.is_active and calendars.deleted_at is null
    join app_public.calendar_hours as h
      on h.organization_id = cs.organization_id and h.calendar_id = cs.calendar_id
     and h.specialist_id is not distinct from case
           when exists (select from app_public.calendar_hours as own
                        where own.organization_id = cs.organization_id and own.calendar_id = cs.calendar_id
                          and own.specialist_id = people.id)
           then people.id end
  ),
  -- From the day before, whose hours may run past midnight, and the dates that other zones have meanwhile.
  days as materialized (
    select first.day + n as date, extract(isodow from first.day + n)::int as weekday
    from (select (working_hours."from" at time zone 'UTC')::date - 2 as day) as first
    cross join generate_series(0, (working_hours."to" at time zone 'UTC')::date - first.day + 1) as n
  ),
  overrides as materialized (
    select people.id, people.timezone, o.kind, days.date, coalesce(o.starts, '00:00') as starts, coalesce(o.ends, '24:00') as ends
    from people
    join app_public.specialist_schedule_overrides as o
      on o.organization_id = working_hours.organization_id and o.specialist_id = people.id
    join days on days.date between o.starts_on and o.ends_on
  ),
  pieces as (
    select weekly.id, weekly.timezone, 'open' as kind, days.date, weekly.starts, weekly.ends
    from weekly
    join days on days.weekday = weekly.weekday
    where (weekly.id, days.date) not in (select o.id, o.date from overrides as o where o.kind = 'replace')
    union all
    select o.id, o.timezone, o.kind, o.date, o.starts, o.ends from overrides as o
  ),
  -- Times that clocks skip or show twice are looked at closely, on the nights when they change.
  zones as materialized (
    select distinct pieces.timezone, days.date,
      (days.date + 2)::timestamp at time zone pieces.timezone - days.date::timestamp at time zone pieces.timezone
        <> interval '48 hours' as clocks_change
    from pieces
    join days on days.date = pieces.date
  ),
  spans as (
    select pieces.id, pieces.kind,
      case when zones.clocks_change then app_private.on_clocks(piece.opens, pieces.timezone)
        else piece.opens at time zone pieces.timezone end as opens,
      case when zones.clocks_change then app_private.on_clocks(piece.closes, pieces.timezone)
        else piece.closes at time zone pieces.timezone end as closes
    from pieces
    join zones on zones.timezone = pieces.timezone and zones.date = pieces.date
    cross join lateral (
      select pieces.date + pieces.starts as opens,
             pieces.date + case when pieces.ends <= pieces.starts then 1 else 0 end + pieces.ends as closes
    ) as piece
  )
  select spans.id,
    range_agg(tstzrange(spans.opens, spans.closes))
    - coalesce(range_agg(tstzrange(spans.opens, spans.closes)) filter (where spans.kind = 'closed'), '{}')
  from spans
  group by spans.id;
end;

comment on function app_private.working_hours is
  'When these specialists work from the day of one instant to that of another; a specialist without hours has no row.';
grant execute on function app_private.working_hours to app_engine;
-- end of source: functions/scheduling/working_hours.sql

-- source: functions/scheduling/agenda.sql
-- The screen of a clinic's day, week or month: everybody's hours, what takes them, and what is free, in one question.
-- Who may see the appointments of a clinic sees it; the rows behind it are read under the reader's own rights. SCH-12, APT-01.
-- Only what touches the days is looked at, so that its cost does not grow with the clinic's history.

set role app_engine;

create or replace function app_public.agenda(
  organization_id uuid,
  from_day date,
  days int,
  specialist_ids uuid[] default null
) returns setof app_public.agenda_specialist
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_timezone text;
  v_day date := case when isfinite(from_day) then least(greatest(from_day, date '1999-01-01'), date '2201-01-01') else from_day end;
  v_from timestamptz;
  v_to timestamptz;
  v_ids uuid[];
begin
  perform app_private.require_permission(organization_id, 'appointments.view');
  if agenda.days is null or agenda.days not between 1 and 31 then
    perform app_hidden.refuse('VALIDATION', 'days_out_of_bounds', '{"field": "days", "least": 1, "most": 31}');
  end if;
  select organizations.timezone into strict v_timezone
  from app_public.organizations
  where organizations.id = agenda.organization_id;
  v_from := v_day::timestamp at time zone v_timezone;
  v_to := (v_day + agenda.days)::timestamp at time zone v_timezone;
  perform app_private.require_window(organization_id, v_from, v_to, v_timezone);

  -- Who has left is shown with what they had.
  v_ids := array(
    select specialists.id
    from app_public.specialists
    where specialists.organization_id = agenda.organization_id and specialists.deleted_at is null
      and (agenda.specialist_ids is null or specialists.id = any (agenda.specialist_ids))
    union
    select appointments.specialist_id
    from app_public.appointments
    where appointments.organization_id = agenda.organization_id and appointments.deleted_at is null
      and appointments.starts_at >= v_from - interval '24 hours' and appointments.starts_at < v_to and appointments.ends_at > v_from
      and (agenda.specialist_ids is null or appointments.specialist_id = any (agenda.specialist_ids)));

  return query
    with days as materialized (
      select date.day, date.day::timestamp at time zone v_timezone as starts_at,
             (date.day + 1)::timestamp at time zone v_timezone as ends_at
      from generate_series(0, agenda.days - 1) as n
      cross join lateral (select v_day + n as day) as date
    ),
    -- No service takes longer than a day.
    booked as (
      select appointments.specialist_id, days.day, array_agg(
        (appointments.id, appointments.starts_at, appointments.ends_at,
         app_private.local_time(appointments.starts_at, v_timezone), app_private.local_time(appointments.ends_at, v_timezone),
         appointments.status, appointments.contact_name, services.name)::app_public.agenda_appointment
        order by appointments.starts_at, appointments.id) as list
      from app_public.appointments
      join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      join days on appointments.starts_at < days.ends_at and appointments.ends_at > days.starts_at
      where appointments.organization_id = agenda.organization_id and appointments.deleted_at is null
        and appointments.starts_at >= v_from - interval '24 hours' and appointments.starts_at < v_to
        and appointments.specialist_id = any (v_ids)
      group by appointments.specialist_id, days.day
    ),
    requested as (
      select requests.specialist_id, days.day, array_agg(
        (requests.id, requests.starts_at, requests.ends_at,
         app_private.local_time(requests.starts_at, v_timezone), app_private.local_time(requests.ends_at, v_timezone),
         requests.given_name || ' ' || requests.family_name, services.name, requests.respond_by)::app_public.agenda_request
        order by requests.starts_at, requests.id) as list
      from app_public.booking_requests as requests
      join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
      join days on requests.starts_at < days.ends_at and requests.ends_at > days.starts_at
      where requests.organization_id = agenda.organization_id and requests.status = 'requested'
        and requests.starts_at >= v_from - interval '24 hours' and requests.starts_at < v_to
        and requests.specialist_id = any (v_ids)
      group by requests.specialist_id, days.day
    ),
    -- By specialist alone, who belongs to one clinic: so the index of the exclusion constraint serves.
    claims as materialized (
      select claim.*
      from unnest(v_ids) as specialist (id)
      cross join lateral (
        select time_claims.specialist_id, time_claims.kind, time_claims.during, time_claims.blocked, time_claims.expires_at
        from app_private.time_claims
        where time_claims.specialist_id = specialist.id
          and time_claims.blocked && tstzrange(v_from, v_to)
          and time_claims.released_at is null
          and (time_claims.expires_at is null or time_claims.expires_at > app_hidden.now())
      ) as claim
    ),
    taken as (
      select claims.specialist_id, range_agg(claims.blocked) as times,
             range_agg(claims.during) filter (where claims.kind = 'block') as blocks
      from claims
      group by claims.specialist_id
    ),
    held as (
      select claims.specialist_id, days.day, array_agg(
        (lower(claims.during), upper(claims.during), app_private.local_time(lower(claims.during), v_timezone),
         app_private.local_time(upper(claims.during), v_timezone), claims.expires_at)::app_public.agenda_hold
        order by claims.during) as list
      from claims
      join days on claims.during && tstzrange(days.starts_at, days.ends_at)
      where claims.kind = 'hold'
      group by claims.specialist_id, days.day
    ),
    worked as materialized (
      select w.specialist_id, w.hours
      from app_private.working_hours(agenda.organization_id, v_ids, v_from, v_to) as w
    ),
    whole as (
      select person.id, days.day, days.starts_at, days.ends_at,
             coalesce(worked.hours, '{}') * tstzrange(days.starts_at, days.ends_at)::tstzmultirange as hours,
             coalesce(taken.times, '{}') as taken,
             coalesce(taken.blocks, '{}') * tstzrange(days.starts_at, days.ends_at)::tstzmultirange as blocks,
             booked.list as booked, requested.list as requested, held.list as held
      from unnest(v_ids) as person (id)
      cross join days
      left join worked on worked.specialist_id = person.id
      left join taken on taken.specialist_id = person.id
      left join booked on booked.specialist_id = person.id and booked.day = days.day
      left join requested on requested.specialist_id = person.id and requested.day = days.day
      left join held on held.specialist_id = person.id and held.day = days.day
    )
    select whole.id, array_agg(
      (whole.day, whole.starts_at, whole.ends_at, isempty(whole.hours),
       app_private.agenda_stretches(whole.hours, v_timezone),
       app_private.agenda_stretches(whole.hours - whole.taken, v_timezone),
       coalesce(whole.booked, '{}'), coalesce(whole.requested, '{}'), coalesce(whole.held, '{}'),
       app_private.agenda_stretches(whole.blocks, v_timezone))::app_public.agenda_day
      order by whole.day)
    from whole
    join app_public.specialists on specialists.id = whole.id
    group by whole.id, specialists.family_name, specialists.given_name
    order by specialists.family_name collate "ro-x-icu", specialists.given_name collate "ro-x-icu", whole.id;
end;
$$;

comment on function app_public.agenda is
  E'@cost 40\n'
  '@arg fromDay The first day, as the clinic''s calendar has it.\n'
  '@arg days How many days, 31 at most.\n'
  '@arg specialistIds Only these; everybody when null.\n'
  'Days of a clinic for each of its specialists: working hours, appointments, requests, what is kept, and what is free. Needs '
  'appointments.view.';
grant execute on function app_public.agenda to app_member;

reset role;
-- end of source: functions/scheduling/agenda.sql
