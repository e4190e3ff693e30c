-- When a delayed action is due. AUT-03.
-- Minutes and hours are elapsed time; days and times of day are of the person's clock, so that "tomorrow at nine" is at nine
-- also where the clocks change in between.

create or replace function app_private.delayed(since timestamptz, after jsonb, timezone text) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  v_at timestamptz := since
    + make_interval(mins => coalesce((after ->> 'minutes')::int, 0), hours => coalesce((after ->> 'hours')::int, 0));
  v_local timestamp;
begin
  if after ? 'days' or after ? 'at' then
    v_local := (v_at at time zone timezone) + make_interval(days => coalesce((after ->> 'days')::int, 0));
    if after ? 'at' then
      v_local := v_local::date + (after ->> 'at')::time
        + case when not after ? 'days' and v_local::time > (after ->> 'at')::time then interval '1 day' else interval '0' end;
    end if;
    v_at := v_local at time zone timezone;
  end if;
  return greatest(v_at, since);
end;
$$;

comment on function app_private.delayed is
  'The instant so many minutes, hours or days later, at a time of the day if one is given: {minutes, hours, days, at}.';
grant execute on function app_private.delayed to app_engine;

-- A delay that can come: no more than a year, of at least something.
create or replace function app_private.delay_problem(after jsonb, place text)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.config_problems(app_private.after_schema(), delay_problem.after, delay_problem.place) as problem;
end;

comment on function app_private.delay_problem is 'What is wrong with a delay, at its path.';
grant execute on function app_private.delay_problem to app_engine;

-- The person's own clock where they said it (with their quiet hours); the clinic's otherwise.
create or replace function app_private.zone_of(organization_id uuid, patient_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    (select quiet_hours.timezone
     from app_public.patients
     join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
     join app_public.quiet_hours
       on quiet_hours.patient_profile_id = patient_profiles.id or quiet_hours.human_id = patient_profiles.human_id
     where patients.organization_id = zone_of.organization_id and patients.id = zone_of.patient_id
     order by quiet_hours.patient_profile_id is null
     limit 1),
    (select organizations.timezone from app_public.organizations where organizations.id = zone_of.organization_id));
end;

comment on function app_private.zone_of is 'The time zone of a patient, as far as it is known; the clinic''s otherwise.';
grant execute on function app_private.zone_of to app_engine;
