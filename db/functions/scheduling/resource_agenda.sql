-- The days of a clinic's rooms and devices: who has them, for what, and when nobody does. For whoever sees the clinic's appointments.
-- Only what touches the days is looked at, by the index of the exclusion constraint. SCH-12, SCH-11.

set role app_engine;

create or replace function app_public.resource_agenda(
  organization_id uuid,
  from_day date,
  days int,
  resource_ids uuid[] default null
) returns setof app_public.agenda_resource
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_frame record := app_private.agenda_frame(resource_agenda.organization_id, from_day, days);
  v_ids uuid[];
begin
  v_ids := array(
    select resources.id
    from app_public.resources
    where resources.organization_id = resource_agenda.organization_id and resources.deleted_at is null
      and (resource_agenda.resource_ids is null or resources.id = any (resource_agenda.resource_ids)));

  return query
    with uses as materialized (
      select resource.id as resource_id, used.*
      from unnest(v_ids) as resource (id)
      cross join lateral (
        select claims.id as claim_id, claims.kind, claims.specialist_id, claims.during, claims.expires_at, taken.blocked
        from app_private.resource_claims as taken
        join app_private.time_claims as claims
          on claims.organization_id = taken.organization_id and claims.id = taken.claim_id
        where taken.resource_id = resource.id
          and taken.blocked && tstzrange(v_frame.begins_at, v_frame.ends_at)
          and claims.released_at is null
          and (claims.expires_at is null or claims.expires_at > app_hidden.now())
      ) as used
    ),
    -- What has the room through its own claim, or by a seat of the session that has it.
    holders as (
      select distinct uses.claim_id, uses.claim_id as held_by from uses
      union
      select seats.session_id, seats.id
      from app_private.time_claims as seats
      where seats.organization_id = resource_agenda.organization_id
        and seats.session_id in (select uses.claim_id from uses where uses.kind = 'session')
        and seats.released_at is null
    ),
    booked as (
      select holders.claim_id, array_agg(
        app_private.agenda_appointment_of(
          appointments, services.name, v_frame.timezone, nullif(holders.claim_id, holders.held_by))
        order by appointments.starts_at, appointments.id) as list
      from holders
      join app_public.appointments
        on appointments.organization_id = resource_agenda.organization_id and appointments.claim_id = holders.held_by
        and appointments.deleted_at is null
      join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      group by holders.claim_id
    ),
    requested as (
      select holders.claim_id, array_agg(
        app_private.agenda_request_of(requests, services.name, v_frame.timezone)
        order by requests.starts_at, requests.id) as list
      from holders
      join app_public.booking_requests as requests
        on requests.organization_id = resource_agenda.organization_id and requests.claim_id = holders.held_by
        and requests.status = 'requested'
      join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
      group by holders.claim_id
    ),
    whole as (
      select resource.id, dates.day, dates.starts_at, dates.ends_at, (
          select array_agg(
            (lower(uses.during), upper(uses.during), app_private.local_time(lower(uses.during), v_frame.timezone),
             app_private.local_time(upper(uses.during), v_frame.timezone), uses.kind, uses.specialist_id,
             case uses.kind when 'hold' then uses.expires_at end,
             coalesce(booked.list, '{}'), coalesce(requested.list, '{}'))::app_public.agenda_use
            order by uses.during)
          from uses
          left join booked on booked.claim_id = uses.claim_id
          left join requested on requested.claim_id = uses.claim_id
          where uses.resource_id = resource.id and uses.during && tstzrange(dates.starts_at, dates.ends_at)
        ) as list,
        tstzrange(dates.starts_at, dates.ends_at)::tstzmultirange - coalesce((
          select range_agg(uses.blocked) from uses where uses.resource_id = resource.id), '{}') as gaps
      from unnest(v_ids) as resource (id)
      cross join app_private.agenda_dates(v_frame.first_day, resource_agenda.days, v_frame.timezone) as dates
    )
    select whole.id, array_agg(
      (whole.day, whole.starts_at, whole.ends_at, coalesce(whole.list, '{}'),
       app_private.agenda_stretches(whole.gaps, v_frame.timezone))::app_public.agenda_resource_day
      order by whole.day)
    from whole
    join app_public.resources on resources.id = whole.id
    group by whole.id, resources.kind, resources.type, resources.name
    order by resources.kind desc, resources.type collate "ro-x-icu", resources.name collate "ro-x-icu", whole.id;
end;
$$;

comment on function app_public.resource_agenda is
  E'@cost 40\n'
  '@arg fromDay The first day, as the clinic''s calendar has it.\n'
  '@arg days How many days, 31 at most.\n'
  '@arg resourceIds Only these; all when null.\n'
  'Days of a clinic for each of its rooms and devices: who has it, for what, and when nobody does. Needs appointments.view.';
grant execute on function app_public.resource_agenda to app_member;

reset role;
