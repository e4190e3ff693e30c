-- What every agenda asks first: who may see it, how many days, on which clocks. SCH-12.

create or replace function app_private.agenda_frame(
  organization_id uuid,
  from_day date,
  days int,
  out timezone text,
  out first_day date,
  out begins_at timestamptz,
  out ends_at timestamptz
)
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.require_permission(agenda_frame.organization_id, 'appointments.view');
  if days is null or days not between 1 and 31 then
    perform app_hidden.refuse('VALIDATION', 'days_out_of_bounds', '{"field": "days", "least": 1, "most": 31}');
  end if;
  select organizations.timezone into strict agenda_frame.timezone
  from app_public.organizations
  where organizations.id = agenda_frame.organization_id;
  -- What is out of bounds is refused below, by its window, and not by arithmetic.
  first_day := case when isfinite(from_day) then least(greatest(from_day, date '1999-01-01'), date '2201-01-01') else from_day end;
  begins_at := first_day::timestamp at time zone agenda_frame.timezone;
  ends_at := (first_day + days)::timestamp at time zone agenda_frame.timezone;
  perform app_private.require_window(agenda_frame.organization_id, begins_at, agenda_frame.ends_at, agenda_frame.timezone);
end;
$$;

comment on function app_private.agenda_frame is
  'The zone of a clinic and the span of days in it, for who has appointments.view; VALIDATION days_out_of_bounds, or of the window.';
grant execute on function app_private.agenda_frame to app_engine;

create or replace function app_private.agenda_dates(first_day date, days int, timezone text)
returns table (day date, starts_at timestamptz, ends_at timestamptz)
language sql stable
set search_path = ''
begin atomic
  select date.day, date.day::timestamp at time zone agenda_dates.timezone, (date.day + 1)::timestamp at time zone agenda_dates.timezone
  from generate_series(0, agenda_dates.days - 1) as n
  cross join lateral (select agenda_dates.first_day + n as day) as date;
end;

comment on function app_private.agenda_dates is 'The days of an agenda, each with when it begins and ends on these clocks.';
grant execute on function app_private.agenda_dates to app_engine;

-- An appointment and a request as agendas list them. Without settings of their own, so that the planner puts their bodies in place.
create or replace function app_private.agenda_appointment_of(
  appointment app_public.appointments, service_name text, timezone text, session_id uuid
) returns app_public.agenda_appointment
language sql stable
return ((appointment).id, (appointment).starts_at, (appointment).ends_at,
        app_private.local_time((appointment).starts_at, timezone), app_private.local_time((appointment).ends_at, timezone),
        (appointment).status, (appointment).contact_name, service_name, session_id)::app_public.agenda_appointment;

comment on function app_private.agenda_appointment_of is 'An appointment as agendas list it.';
grant execute on function app_private.agenda_appointment_of to app_engine;

create or replace function app_private.agenda_request_of(request app_public.booking_requests, service_name text, timezone text)
returns app_public.agenda_request
language sql stable
return ((request).id, (request).starts_at, (request).ends_at,
        app_private.local_time((request).starts_at, timezone), app_private.local_time((request).ends_at, timezone),
        (request).given_name || ' ' || (request).family_name, service_name, (request).respond_by)::app_public.agenda_request;

comment on function app_private.agenda_request_of is 'A booking request as agendas list it.';
grant execute on function app_private.agenda_request_of to app_engine;
