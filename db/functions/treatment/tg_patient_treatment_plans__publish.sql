-- Every move of a patient's treatment plan that others are told of is an event, and so is a session that was done. EXE-03, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_patient_treatment_plans__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_event text;
begin
  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'patient_treatment_plans' and transition.to_state = new.status
    and transition.from_state = case when tg_op = 'UPDATE' then old.status else '' end;
  if v_event is not null then
    perform app_private.publish(v_event, new.organization_id, new.id, app_private.treatment_plan_payload(new));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_patient_treatment_plans__publish is 'Publishes the event of a move. Triggers _900_publish, _900_publish_new.';

create or replace function app_private.tg_patient_sessions__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.publish(
    'treatment_plan.session_completed', enrolments.organization_id, enrolments.id,
    app_private.treatment_plan_payload(enrolments) || jsonb_build_object('sessionId', new.id, 'versionId', new.version_id))
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = new.organization_id and enrolments.id = new.patient_treatment_plan_id;
  return null;
end;
$$;

comment on function app_private.tg_patient_sessions__publish is 'Publishes treatment_plan.session_completed. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish_new after insert on app_public.patient_treatment_plans
  for each row execute function app_private.tg_patient_treatment_plans__publish();

create or replace trigger _900_publish after update of status on app_public.patient_treatment_plans
  for each row when (old.status <> new.status) execute function app_private.tg_patient_treatment_plans__publish();

create or replace trigger _900_publish after update of status on app_public.patient_sessions
  for each row when (old.status <> new.status and new.status = 'completed')
  execute function app_private.tg_patient_sessions__publish();
