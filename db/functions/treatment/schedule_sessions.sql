-- When sessions are due: so many days after the one before, and not before the next weekday that the patient has for it. Days are counted
-- by the calendar of the clinic, so a change to or from summer time moves none. EXE-01.

create or replace function app_private.due_dates(starts_on date, weekdays int[], after_days int[]) returns date[]
language plpgsql immutable
set search_path = ''
as $$
declare
  v_day date := starts_on;
  v_after int;
  v_days date[] := '{}';
begin
  foreach v_after in array after_days loop
    v_day := v_day + v_after;
    while extract(isodow from v_day)::int <> all (weekdays) loop
      v_day := v_day + 1;
    end loop;
    v_days := v_days || v_day;
  end loop;
  return v_days;
end;
$$;

comment on function app_private.due_dates is
  'The days on which sessions are due, each so many days after the one before, on one of these weekdays (1 is Monday).';
grant execute on function app_private.due_dates to app_engine;

create or replace function app_private.today_at(organization_id uuid) returns date
language sql stable
set search_path = ''
return (
  select (app_hidden.now() at time zone organizations.timezone)::date
  from app_public.organizations where organizations.id = today_at.organization_id);

comment on function app_private.today_at is 'The day that it is by the clock of a clinic.';
grant execute on function app_private.today_at to app_engine;

-- The sessions of a version from one on, the first of them on the first day that there is from a day on.
create or replace function app_private.schedule_sessions(
  enrolment app_public.patient_treatment_plans, from_position int, first_on date
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_snapshot jsonb := (
    select versions.sessions_snapshot from app_public.treatment_plan_versions as versions
    where versions.scope_id = enrolment.plan_scope_id and versions.id = enrolment.version_id);
  v_due date[] := app_private.due_dates(first_on, enrolment.weekdays, array(
    select case when listed.number = from_position and from_position > 1 then 0 else (listed.value ->> 'afterDays')::int end
    from jsonb_array_elements(v_snapshot) with ordinality as listed (value, number)
    where listed.number >= from_position
    order by listed.number));
begin
  insert into app_public.patient_sessions
    (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, due_on, place)
  select enrolment.organization_id, enrolment.id, enrolment.patient_profile_id, enrolment.plan_scope_id, enrolment.version_id,
         listed.number, v_due[listed.number - from_position + 1], listed.value ->> 'place'
  from jsonb_array_elements(v_snapshot) with ordinality as listed (value, number)
  where listed.number >= from_position;
end;
$$;

comment on function app_private.schedule_sessions is
  'Makes the sessions of a patient''s plan from this one on, the first of them from this day on. The caller has locked the plan.';
grant execute on function app_private.schedule_sessions to app_engine;

-- What a patient is prescribed is shown to them with its own counts and pauses: whoever assigns it has the videos made. What is imported
-- has none of its own.
create or replace function app_private.request_videos(enrolment app_public.patient_treatment_plans) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_language constant text := (
    select case patient_profiles.locale when 'en' then 'en' else 'ro' end
    from app_public.patient_profiles where patient_profiles.id = enrolment.patient_profile_id);
begin
  perform app_private.request_render(asked.exercise_id, asked.prescription, v_language)
  from (
    select prescribed.exercise_id, prescribed.prescription
    from app_public.treatment_plan_exercises as prescribed
    join app_public.exercises on exercises.id = prescribed.exercise_id and exercises.kind = 'reps_based'
    where prescribed.scope_id = enrolment.plan_scope_id and prescribed.version_id = enrolment.version_id
    group by 1, 2
    -- In one order everywhere, since each takes locks.
    order by 1, 2) as asked;
end;
$$;

comment on function app_private.request_videos is
  'Has the videos made of what the version of a patient''s plan prescribes, in the language of the patient; those that are there stay.';
grant execute on function app_private.request_videos to app_engine;
