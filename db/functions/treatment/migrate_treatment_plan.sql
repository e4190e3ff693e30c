-- A patient's plan goes to another version of the same treatment plan, because somebody says so and why. What was done or missed stays as
-- it was; the sessions that are left are the new version's, from the next one on. EXE-01.

set role app_engine;

create or replace function app_public.migrate_treatment_plan(patient_treatment_plan_id uuid, version_id uuid, reason text)
returns app_public.patient_treatment_plans
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans := app_private.locked_enrolment(migrate_treatment_plan.patient_treatment_plan_id);
  v_reason text := app_private.require_reason(migrate_treatment_plan.reason);
  v_version app_public.treatment_plan_versions;
  v_next int;
  v_first_on date;
  v_appointments uuid[];
begin
  select version.* into v_version
  from app_public.patients
  cross join lateral app_private.version_to_assign(patients, migrate_treatment_plan.version_id) as version
  where patients.organization_id = v_enrolment.organization_id and patients.patient_profile_id = v_enrolment.patient_profile_id;
  if v_version.treatment_plan_id <> v_enrolment.treatment_plan_id then
    perform app_hidden.refuse('NOT_FOUND', 'treatment_plan_not_found');
  elsif v_enrolment.status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_enrolment.status));
  elsif v_version.id = v_enrolment.version_id then
    return v_enrolment;
  elsif exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id
      and sessions.status = 'started'
  ) then
    perform app_hidden.refuse('STATE', 'session_under_way');
  end if;

  select coalesce(max(sessions.position) filter (where sessions.status in ('completed', 'missed') and not sessions.is_extra), 0) + 1,
         greatest(min(sessions.due_on) filter (where sessions.status = 'due'), app_private.today_at(v_enrolment.organization_id)),
         array_agg(sessions.appointment_id order by sessions.position) filter (where sessions.status = 'due' and sessions.appointment_id is not null)
  into v_next, v_first_on, v_appointments
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id;
  perform app_private.cancel_open_sessions(v_enrolment);
  insert into app_public.treatment_plan_moves
    (organization_id, patient_treatment_plan_id, plan_scope_id, from_version_id, to_version_id, reason, moved_by, moved_at)
  values (v_enrolment.organization_id, v_enrolment.id, v_enrolment.plan_scope_id, v_enrolment.version_id, v_version.id, v_reason,
          app_private.current_actor_id(), app_hidden.now());
  v_enrolment.version_id := v_version.id;
  perform app_private.schedule_sessions(v_enrolment, v_next, v_first_on);
  perform app_private.link_sessions(v_enrolment, v_appointments);
  perform app_private.request_videos(v_enrolment);
  update app_public.patient_treatment_plans as enrolments
  set version_id = v_version.id, ends_on = greatest(enrolments.ends_on, app_private.last_session_on(v_enrolment))
  where enrolments.id = v_enrolment.id;
  return app_private.settle_enrolment(v_enrolment);
end;
$$;

comment on function app_public.migrate_treatment_plan is
  E'@arg versionId An approved version of the same treatment plan.\n'
  'Moves a patient''s treatment plan to another version, from the next session on; it is kept who did and why. Needs treatment_plans.assign. '
  'NOT_FOUND; STATE version_not_approved, treatment_plan_not_active, session_under_way.';
grant execute on function app_public.migrate_treatment_plan to app_member;

reset role;

create or replace function app_private.cancel_open_sessions(enrolment app_public.patient_treatment_plans) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.patient_sessions as sessions set status = 'cancelled', appointment_id = null
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.status in ('due', 'started');
end;

comment on function app_private.cancel_open_sessions is 'No session of a patient''s plan is asked for any more; appointments stand.';
grant execute on function app_private.cancel_open_sessions to app_engine;

-- What was booked for sessions that are no longer asked for is for those that take their place.
create or replace function app_private.link_sessions(enrolment app_public.patient_treatment_plans, appointment_ids uuid[]) returns void
language sql volatile
set search_path = ''
begin atomic
  with open as (
    select sessions.id, row_number() over (order by sessions.position) as place
    from app_public.patient_sessions as sessions
    where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
      and sessions.place = 'clinic' and sessions.status = 'due' and sessions.appointment_id is null
  )
  update app_public.patient_sessions as sessions set appointment_id = appointment_ids[open.place]
  from open
  where sessions.id = open.id and open.place <= cardinality(appointment_ids);
end;

comment on function app_private.link_sessions is
  'Links appointments of the patient, in their order, to the next sessions in the clinic that have none. The caller has locked the plan.';
grant execute on function app_private.link_sessions to app_engine;

create or replace function app_private.last_session_on(enrolment app_public.patient_treatment_plans) returns date
language sql stable
set search_path = ''
return (
  select max(sessions.due_on) from app_public.patient_sessions as sessions
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.status <> 'cancelled' and not sessions.is_extra);

comment on function app_private.last_session_on is 'When the last session of a patient''s plan is due.';
grant execute on function app_private.last_session_on to app_engine;

-- With its last session a plan is complete: whoever closes a session asks.
create or replace function app_private.settle_enrolment(enrolment app_public.patient_treatment_plans)
returns app_public.patient_treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
begin
  update app_public.patient_treatment_plans as enrolments set status = 'completed'
  where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id and enrolments.status = 'active'
    and not exists (
      select from app_public.patient_sessions as sessions
      where sessions.organization_id = enrolments.organization_id and sessions.patient_treatment_plan_id = enrolments.id
        and sessions.status in ('due', 'started') and not sessions.is_extra);
  select enrolments.* into strict v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id;
  return v_enrolment;
end;
$$;

comment on function app_private.settle_enrolment is 'Completes a patient''s plan that goes on with no session left to do; it as it is now.';
grant execute on function app_private.settle_enrolment to app_engine;
