-- How much of what was due was done: in hundredths, null where nothing was due yet. A session counts once its day has passed, or it is done,
-- or nobody came to it; one beyond the plan counts neither way, and nothing is due in a pause. EXE-03.

create or replace function app_public.patient_treatment_plans_adherence_percentage(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
begin atomic
  select round(100.0 * count(*) filter (where sessions.status = 'completed') / nullif(count(*), 0))::int
  from app_public.patient_sessions as sessions
  join app_public.organizations on organizations.id = sessions.organization_id
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and not sessions.is_extra
    and (sessions.status in ('completed', 'missed')
      or sessions.status <> 'cancelled'
        and sessions.due_on < least((app_hidden.now() at time zone organizations.timezone)::date, (enrolment).paused_on));
end;

comment on function app_public.patient_treatment_plans_adherence_percentage is
  E'@nullable\nHow many hundredths of the sessions that were due were done; null while nothing was due.';
grant execute on function app_public.patient_treatment_plans_adherence_percentage to app_member, app_engine;

create or replace function app_public.patients_adherence_percentage(patient app_public.patients) returns int
language sql stable
set search_path = ''
begin atomic
  select round(100.0 * count(*) filter (where sessions.status = 'completed') / nullif(count(*), 0))::int
  from app_public.patient_treatment_plans as enrolments
  join app_public.organizations on organizations.id = enrolments.organization_id
  join app_public.patient_sessions as sessions
    on sessions.organization_id = enrolments.organization_id and sessions.patient_treatment_plan_id = enrolments.id
  where enrolments.organization_id = (patient).organization_id and enrolments.patient_profile_id = (patient).patient_profile_id
    and enrolments.status in ('active', 'paused')
    and not sessions.is_extra
    and (sessions.status in ('completed', 'missed')
      or sessions.status <> 'cancelled'
        and sessions.due_on < least((app_hidden.now() at time zone organizations.timezone)::date, enrolments.paused_on));
end;

comment on function app_public.patients_adherence_percentage is
  E'@nullable\nThe same of all treatment plans of the patient that are under way; null where nothing of them was due.';
grant execute on function app_public.patients_adherence_percentage to app_member, app_engine;

-- What remains in the clinic: granted, less what was used. Read of the sessions each time, so it is right as soon as one of them moves. EXE-04.
create or replace function app_public.patient_treatment_plans_clinic_sessions_granted(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int from app_public.patient_sessions as sessions
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.place = 'clinic' and sessions.status <> 'cancelled';
end;

comment on function app_public.patient_treatment_plans_clinic_sessions_granted is 'How many sessions in the clinic it has.';
grant execute on function app_public.patient_treatment_plans_clinic_sessions_granted to app_member, app_engine;

create or replace function app_public.patient_treatment_plans_clinic_sessions_used(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int from app_public.patient_sessions as sessions
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.place = 'clinic' and sessions.status in ('completed', 'missed');
end;

comment on function app_public.patient_treatment_plans_clinic_sessions_used is
  'How many of its sessions in the clinic were done, or lost by a visit that nobody came to or called off too late.';
grant execute on function app_public.patient_treatment_plans_clinic_sessions_used to app_member, app_engine;

create or replace function app_public.patient_treatment_plans_clinic_sessions_remaining(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
return app_public.patient_treatment_plans_clinic_sessions_granted(enrolment)
  - app_public.patient_treatment_plans_clinic_sessions_used(enrolment);

comment on function app_public.patient_treatment_plans_clinic_sessions_remaining is 'How many sessions in the clinic are left.';
grant execute on function app_public.patient_treatment_plans_clinic_sessions_remaining to app_member, app_engine;
