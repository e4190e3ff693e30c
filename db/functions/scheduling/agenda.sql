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
  v_frame record := app_private.agenda_frame(agenda.organization_id, from_day, days);
  v_timezone text := v_frame.timezone;
  v_from timestamptz := v_frame.begins_at;
  v_to timestamptz := v_frame.ends_at;
  v_ids uuid[];
begin
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
      select dates.* from app_private.agenda_dates(v_frame.first_day, agenda.days, v_timezone) as dates
    ),
    -- By specialist alone, who belongs to one clinic: so the index of the exclusion constraint serves.
    claims as materialized (
      select claim.*
      from unnest(v_ids) as specialist (id)
      cross join lateral (
        select time_claims.id, time_claims.specialist_id, time_claims.calendar_id, time_claims.kind, time_claims.during,
               time_claims.blocked, time_claims.expires_at, time_claims.session_id, time_claims.capacity
        from app_private.time_claims
        where time_claims.specialist_id = specialist.id
          and time_claims.blocked && tstzrange(v_from, v_to)
          and time_claims.released_at is null
          and (time_claims.expires_at is null or time_claims.expires_at > app_hidden.now())
      ) as claim
    ),
    -- No service takes longer than a day.
    visits as materialized (
      select appointments.specialist_id, appointments.starts_at, appointments.ends_at, claims.session_id,
             app_private.agenda_appointment_of(appointments, services.name, v_timezone, claims.session_id) as listed
      from app_public.appointments
      join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      left join claims on claims.id = appointments.claim_id
      where appointments.organization_id = agenda.organization_id and appointments.deleted_at is null
        and appointments.starts_at >= v_from - interval '24 hours' and appointments.starts_at < v_to
        and appointments.specialist_id = any (v_ids)
    ),
    booked as (
      select visits.specialist_id, days.day,
             array_agg(visits.listed order by visits.starts_at, (visits.listed).appointment_id) as list
      from visits
      join days on visits.starts_at < days.ends_at and visits.ends_at > days.starts_at
      group by visits.specialist_id, days.day
    ),
    grouped as (
      select sessions.specialist_id, days.day, array_agg(
        (sessions.id, sessions.calendar_id, lower(sessions.during), upper(sessions.during),
         app_private.local_time(lower(sessions.during), v_timezone), app_private.local_time(upper(sessions.during), v_timezone),
         sessions.capacity, (select count(*) from claims as seats where seats.session_id = sessions.id),
         array(select visits.listed from visits where visits.session_id = sessions.id order by (visits.listed).appointment_id)
        )::app_public.agenda_session
        order by sessions.during) as list
      from claims as sessions
      join days on sessions.during && tstzrange(days.starts_at, days.ends_at)
      where sessions.kind = 'session'
      group by sessions.specialist_id, days.day
    ),
    requested as (
      select requests.specialist_id, days.day, array_agg(
        app_private.agenda_request_of(requests, services.name, v_timezone)
        order by requests.starts_at, requests.id) as list
      from app_public.booking_requests as requests
      join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
      join days on requests.starts_at < days.ends_at and requests.ends_at > days.starts_at
      where requests.organization_id = agenda.organization_id and requests.status = 'requested'
        and requests.starts_at >= v_from - interval '24 hours' and requests.starts_at < v_to
        and requests.specialist_id = any (v_ids)
      group by requests.specialist_id, days.day
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
             booked.list as booked, requested.list as requested, held.list as held, grouped.list as grouped
      from unnest(v_ids) as person (id)
      cross join days
      left join worked on worked.specialist_id = person.id
      left join taken on taken.specialist_id = person.id
      left join booked on booked.specialist_id = person.id and booked.day = days.day
      left join requested on requested.specialist_id = person.id and requested.day = days.day
      left join held on held.specialist_id = person.id and held.day = days.day
      left join grouped on grouped.specialist_id = person.id and grouped.day = days.day
    )
    select whole.id, array_agg(
      (whole.day, whole.starts_at, whole.ends_at, isempty(whole.hours),
       app_private.agenda_stretches(whole.hours, v_timezone),
       app_private.agenda_stretches(whole.hours - whole.taken, v_timezone),
       coalesce(whole.booked, '{}'), coalesce(whole.requested, '{}'), coalesce(whole.held, '{}'),
       app_private.agenda_stretches(whole.blocks, v_timezone), coalesce(whole.grouped, '{}'))::app_public.agenda_day
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
  'Days of a clinic for each of its specialists: working hours, appointments, group sessions, requests, what is kept, and what is '
  'free. Needs appointments.view.';
grant execute on function app_public.agenda to app_member;

reset role;
