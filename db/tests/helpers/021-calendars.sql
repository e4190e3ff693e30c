-- Specialists, their hours, calendars, bookings and appointments in one line each, in the way of 020-people.sql.

create or replace function tests.specialist(
  name text, weekly jsonb default '{}', clinic text default null, account boolean default false,
  timezone text default 'Europe/Bucharest'
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(specialist.clinic);
  v_human uuid;
  v_id uuid;
begin
  if specialist.account then
    v_human := tests.staff(specialist.name, 'specialist', specialist.clinic);
  end if;
  insert into app_public.specialists (organization_id, human_id, title, given_name, family_name, contact_email, scheduling_timezone)
  values (v_clinic, v_human, 'Dr.', initcap(specialist.name), 'Ionescu',
          regexp_replace(lower(specialist.name), '[^a-z0-9]+', '.', 'g') || '@specialists.test', specialist.timezone)
  returning id into v_id;
  perform tests.remember(specialist.name, v_id);
  perform tests.hours(specialist.name, specialist.weekly);
  return v_id;
end;
$$;

comment on function tests.specialist(text, jsonb, text, boolean, text) is
  'A specialist with weekly hours, {"mon": [["09:00", "12:00"]]}; account => true lets a test act as them.';

create or replace function tests.hours(specialist text, weekly jsonb) returns void
language plpgsql volatile security definer
as $$
begin
  insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
  select s.organization_id, s.id, array_position('{mon,tue,wed,thu,fri,sat,sun}', day.key),
         (range ->> 0)::time, (range ->> 1)::time
  from app_public.specialists s
  cross join jsonb_each(hours.weekly) as day
  cross join jsonb_array_elements(day.value) as range
  where s.id = tests.id(hours.specialist);
end;
$$;

comment on function tests.hours(text, jsonb) is 'Adds weekly hours to a specialist: {"mon": [["09:00", "12:00"]]}.';

create or replace function tests.service(
  name text, minutes int default 60, price_amount bigint default 20000, specialists text[] default '{}',
  clinic text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  insert into app_public.services (organization_id, name, duration_minutes, price_amount, currency)
  values (tests.clinic_id(service.clinic), service.name, service.minutes, service.price_amount, 'RON')
  returning id into v_id;
  insert into app_public.service_specialists (organization_id, service_id, specialist_id)
  select s.organization_id, v_id, s.id
  from unnest(service.specialists) as n
  join app_public.specialists s on s.id = tests.id(n);
  perform tests.remember(service.name, v_id);
  return v_id;
end;
$$;

comment on function tests.service(text, int, bigint, text[], text) is 'A service and who provides it.';

create or replace function tests.calendar(
  name text, specialists text[] default '{}', minutes int default 60, service text default null,
  strategy text default 'round_robin', step_minutes int default null, buffer_before_minutes int default 0,
  buffer_after_minutes int default 0, notice_minutes int default 0, horizon_days int default 60,
  is_public boolean default true, modality text default 'in_person', timezone text default 'Europe/Bucharest',
  clinic text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(calendar.clinic);
  v_service uuid;
  v_id uuid;
begin
  if calendar.service is null then
    v_service := tests.service('service of ' || calendar.name, calendar.minutes, clinic => calendar.clinic);
  else
    v_service := tests.id(calendar.service);
  end if;
  insert into app_public.calendars (organization_id, service_id, name, duration_minutes, assignment_strategy,
    step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days, is_public, modality, timezone)
  values (v_clinic, v_service, calendar.name, calendar.minutes, calendar.strategy, calendar.step_minutes,
    calendar.buffer_before_minutes, calendar.buffer_after_minutes, calendar.notice_minutes, calendar.horizon_days,
    calendar.is_public, calendar.modality, calendar.timezone)
  returning id into v_id;
  insert into app_public.service_specialists (organization_id, service_id, specialist_id)
  select s.organization_id, v_service, s.id
  from unnest(calendar.specialists) as n
  join app_public.specialists s on s.id = tests.id(n)
  on conflict do nothing;
  insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id, priority)
  select s.organization_id, v_id, s.id, case when calendar.strategy = 'priority' then n.place else 1 end
  from unnest(calendar.specialists) with ordinality as n (name, place)
  join app_public.specialists s on s.id = tests.id(n.name);
  perform tests.remember(calendar.name, v_id);
  return v_id;
end;
$$;

comment on function tests.calendar(text, text[], int, text, text, int, int, int, int, int, boolean, text, text, text) is
  'A bookable calendar with its specialists (in order of priority); makes a service for itself when none is named.';

create or replace function tests.claim(
  specialist text, starts_at timestamptz, minutes int default 60, kind text default 'appointment', calendar text default null,
  visitor text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_during tstzrange := tstzrange(claim.starts_at, claim.starts_at + make_interval(mins => claim.minutes));
  v_id uuid;
begin
  insert into app_private.time_claims
    (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at, token_hash, visitor_id, created_at)
  select s.organization_id, s.id, case when claim.calendar is not null then tests.id(claim.calendar) end, claim.kind,
         v_during, v_during,
         case when claim.kind = 'hold' then app_hidden.now() + interval '10 minutes' end,
         case when claim.kind = 'hold' then sha256(gen_random_uuid()::text::bytea) end, claim.visitor, app_hidden.now()
  from app_public.specialists s where s.id = tests.id(claim.specialist)
  returning id into v_id;
  return v_id;
end;
$$;

comment on function tests.claim(text, timestamptz, int, text, text, text) is
  'Takes a specialist''s time: appointment, hold, request or block. The exclusion constraint stands.';

-- What was asked for was listed then: a test that says nothing about hours means somebody who is there at any.
create or replace function tests.works(specialist text) returns void
language sql volatile security definer
as $$
  insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
  select s.organization_id, s.id, weekday, time '00:00', time '24:00'
  from app_public.specialists s cross join generate_series(1, 7) as weekday
  where s.id = tests.id(works.specialist)
    and not exists (select from app_public.specialist_weekly_hours h where h.specialist_id = s.id);
$$;

comment on function tests.works(text) is 'Round the clock, where no hours were given.';

create or replace function tests.booking_request(
  name text, calendar text, specialist text, starts_at timestamptz, email text default 'guest@people.test'
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  insert into app_public.booking_requests (organization_id, calendar_id, service_id, specialist_id, claim_id, given_name,
    family_name, email, phone, locale, starts_at, ends_at, price_amount, currency, respond_by, token_hash)
  select c.organization_id, c.id, c.service_id, tests.id(booking_request.specialist),
         tests.claim(booking_request.specialist, booking_request.starts_at, c.duration_minutes, 'request', booking_request.calendar),
         'Gabriela', 'Munteanu', booking_request.email, '+40722000222', 'ro', booking_request.starts_at,
         booking_request.starts_at + make_interval(mins => c.duration_minutes), 20000, 'RON',
         app_hidden.now() + interval '1 day', sha256(gen_random_uuid()::text::bytea)
  from app_public.calendars c where c.id = tests.id(booking_request.calendar)
  returning id into v_id;
  perform tests.remember(booking_request.name, v_id);
  perform tests.works(booking_request.specialist);
  return v_id;
end;
$$;

comment on function tests.booking_request(text, text, text, timestamptz, text) is
  'What a guest asked for, with its claim on the time.';

create or replace function tests.appointment(
  name text, patient text, calendar text, specialist text, starts_at timestamptz, booking_request text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  insert into app_public.appointments (organization_id, patient_profile_id, calendar_id, service_id, specialist_id,
    booking_request_id, claim_id, starts_at, ends_at, modality, price_amount, currency, contact_name, locale)
  select c.organization_id, tests.id(appointment.patient), c.id, c.service_id, tests.id(appointment.specialist),
         case when appointment.booking_request is not null then tests.id(appointment.booking_request) end,
         tests.claim(appointment.specialist, appointment.starts_at, c.duration_minutes, 'appointment', appointment.calendar),
         appointment.starts_at, appointment.starts_at + make_interval(mins => c.duration_minutes),
         c.modality, 20000, 'RON', initcap(appointment.patient), 'ro'
  from app_public.calendars c where c.id = tests.id(appointment.calendar)
  returning id into v_id;
  perform tests.remember(appointment.name, v_id);
  return v_id;
end;
$$;

comment on function tests.appointment(text, text, text, text, timestamptz, text) is
  'A booked appointment of a patient, with its claim on the specialist''s time.';
