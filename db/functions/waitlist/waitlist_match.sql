-- Who is next for a time that is free: of those who wait longest first, whoever it suits, with the earliest time that suits them. It
-- reads the listing of the engine, so whatever frees a time is seen alike: a hold let go, an appointment called off, hours
-- that were added. SCH-10.
-- Passed over: who has an offer at the clinic already, was offered this start before, is kept from booking, or is no patient any
-- more. Times stay everybody's: three of a calendar are kept for the waitlist at once, and what three people did not want is
-- offered to no fourth.

create or replace function app_private.waitlist_match(
  organization_id uuid,
  passed_over uuid[],
  out waitlist_entry_id uuid,
  out calendar_id uuid,
  out specialist_id uuid,
  out starts_at timestamptz
)
language plpgsql stable
set search_path = ''
as $$
declare
  c_at_once constant int := 3;
  c_of_a_start constant int := 3;
  v_calendar record;
begin
  for v_calendar in
    select calendars.id, calendars.timezone, calendars.capacity, wished.first_day, wished.last_day,
      app_hidden.now() + make_interval(mins => calendars.notice_minutes) + interval '15 minutes' as soonest
    from app_public.calendars
    join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
    cross join lateral (
      select min(waitlist_entries.starts_on) as first_day, max(waitlist_entries.ends_on) as last_day
      from app_public.waitlist_entries
      where waitlist_entries.organization_id = calendars.organization_id and waitlist_entries.calendar_id = calendars.id
        and waitlist_entries.status = 'waiting'
    ) as wished
    where calendars.organization_id = waitlist_match.organization_id
      and calendars.is_active and calendars.deleted_at is null and services.is_active and services.deleted_at is null
      and wished.first_day is not null
      and c_at_once > (
        select count(*)
        from app_public.waitlist_entries
        where waitlist_entries.organization_id = calendars.organization_id and waitlist_entries.calendar_id = calendars.id
          and waitlist_entries.status = 'offered')
    order by calendars.id
  loop
    with free as materialized (
      select f.specialist_id, f.starts_at, f.starts_at at time zone v_calendar.timezone as local
      from app_private.free_starts(
        v_calendar.id,
        greatest(v_calendar.soonest, v_calendar.first_day::timestamp at time zone v_calendar.timezone),
        (v_calendar.last_day + 1)::timestamp at time zone v_calendar.timezone) as f
      where c_of_a_start * v_calendar.capacity > (
        select count(*) from app_public.waitlist_offers
        where waitlist_offers.organization_id = waitlist_match.organization_id
          and waitlist_offers.specialist_id = f.specialist_id and waitlist_offers.starts_at = f.starts_at)
    ),
    waiting as (
      select e.*
      from app_public.waitlist_entries as e
      where e.organization_id = waitlist_match.organization_id and e.calendar_id = v_calendar.id and e.status = 'waiting'
        and e.id <> all (waitlist_match.passed_over)
        and not exists (
          select from app_public.waitlist_entries as other
          where other.organization_id = e.organization_id and other.status = 'offered'
            and (other.patient_profile_id = e.patient_profile_id or other.email = e.email))
        and (e.patient_profile_id is null
             or (app_private.standing_block(e.organization_id, e.patient_profile_id)).id is null
                and exists (
                  select from app_public.patients
                  where patients.organization_id = e.organization_id and patients.patient_profile_id = e.patient_profile_id
                    and patients.deleted_at is null))
      order by e.created_at, e.id
    )
    select waiting.id, v_calendar.id, suits.specialist_id, suits.starts_at
    into waitlist_entry_id, calendar_id, specialist_id, starts_at
    from waiting
    cross join lateral (
      select free.specialist_id, free.starts_at
      from free
      where free.local::date between waiting.starts_on and waiting.ends_on
        and extract(isodow from free.local)::int = any (waiting.weekdays)
        and free.local::time between waiting.earliest and waiting.latest
        and (waiting.specialist_id is null or free.specialist_id = waiting.specialist_id)
        and not exists (
          select from app_public.waitlist_offers
          where waitlist_offers.organization_id = waiting.organization_id and waitlist_offers.waitlist_entry_id = waiting.id
            and waitlist_offers.starts_at = free.starts_at)
      order by free.starts_at, free.specialist_id
      limit 1
    ) as suits
    order by waiting.created_at, waiting.id
    limit 1;
    if waitlist_entry_id is not null then
      return;
    end if;
  end loop;
end;
$$;

comment on function app_private.waitlist_match is
  'Whom to offer which free time next; nothing where nobody waits for one. The caller has locked the waitlists of the clinic.';
grant execute on function app_private.waitlist_match to app_engine;
