-- What a new day at the clinic does to treatment plans: sessions at home whose day has passed were missed, a plan whose last day has passed has
-- expired, and whoever falls behind is told of by an event, once until they have caught up. Each plan is looked at once a day of its clinic, in
-- whatever order the days come: after a standstill it is the present day that counts. EXE-03.

set role app_engine;

create or replace function app_private.tend_treatment_plans(up_to int default 200) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
  v_tended int := 0;
begin
  for v_enrolment in
    select enrolments.*
    from app_public.patient_treatment_plans as enrolments
    join app_public.organizations on organizations.id = enrolments.organization_id
    where enrolments.status = 'active'
      and enrolments.tended_on < (app_hidden.now() at time zone organizations.timezone)::date
    order by enrolments.tended_on, enrolments.organization_id, enrolments.id
    limit up_to
    for no key update of enrolments skip locked
  loop
    perform app_private.tend_treatment_plan(v_enrolment, app_private.today_at(v_enrolment.organization_id));
    v_tended := v_tended + 1;
  end loop;
  return v_tended;
end;
$$;

comment on function app_private.tend_treatment_plans is
  'Does what a new day at their clinic makes due for up to so many treatment plans of patients; returns how many.';
grant execute on function app_private.tend_treatment_plans to app_worker;

reset role;

create or replace function app_private.tend_treatment_plan(enrolment app_public.patient_treatment_plans, today date) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_adherence int;
  v_below int;
  v_is_low boolean;
begin
  perform app_private.miss_sessions(enrolment, today);
  if enrolment.ends_on < today and not exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
      and (sessions.status = 'started' or sessions.status = 'due' and sessions.appointment_id is not null)
  ) then
    update app_public.patient_treatment_plans as enrolments set status = 'expired', tended_on = today
    where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id;
    return;
  end if;

  -- Of fewer than three sessions nobody says that somebody falls behind.
  v_adherence := app_public.patient_treatment_plans_adherence_percentage(enrolment);
  select organizations.low_adherence_below into strict v_below
  from app_public.organizations where organizations.id = enrolment.organization_id;
  v_is_low := coalesce(v_adherence < v_below, false) and (
    select count(*) >= 3 from app_public.patient_sessions as sessions
    where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
      and not sessions.is_extra and (sessions.status in ('completed', 'missed') or sessions.status = 'due' and sessions.due_on < today));
  if v_is_low and enrolment.low_adherence_since is null then
    perform app_private.publish(
      'treatment_plan.low_adherence', enrolment.organization_id, enrolment.id, app_private.treatment_plan_payload(enrolment));
  end if;
  update app_public.patient_treatment_plans as enrolments set
    tended_on = today,
    low_adherence_since = case when v_is_low then coalesce(enrolments.low_adherence_since, app_hidden.now()) end
  where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id;
end;
$$;

comment on function app_private.tend_treatment_plan is 'What a new day does to one plan, which the caller has locked.';
grant execute on function app_private.tend_treatment_plan to app_engine;

-- In the clinic nothing is missed by time alone. What was started has a day, as what is sent late has.
create or replace function app_private.miss_sessions(enrolment app_public.patient_treatment_plans, today date) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.patient_sessions as sessions set status = 'missed'
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.place = 'home' and sessions.due_on < today
    and (sessions.status = 'due' or sessions.status = 'started' and sessions.started_at < app_hidden.now() - interval '1 day');
end;

comment on function app_private.miss_sessions is 'Marks the sessions at home whose day has passed, and those that were begun a day ago and never ended.';
grant execute on function app_private.miss_sessions to app_engine;

create or replace function app_private.treatment_plan_payload(enrolment app_public.patient_treatment_plans) returns jsonb
language sql immutable
set search_path = ''
return jsonb_build_object(
  'patientTreatmentPlanId', (enrolment).id, 'treatmentPlanId', (enrolment).treatment_plan_id, 'versionId', (enrolment).version_id,
  'patientProfileId', (enrolment).patient_profile_id);

comment on function app_private.treatment_plan_payload is 'What every event about a patient''s treatment plan says.';
grant execute on function app_private.treatment_plan_payload to app_engine;
