-- Something is asked of a patient, most often before the clinic books for them. It stands once, whoever asks; what kept nobody
-- from booking does from when it is asked so. AUT-02.
-- The caller has locked the patient, which bookings hold for share: those under way are waited for, later ones are refused.

create or replace function app_private.ask_of_patient(
  step app_private.action_step, template_id uuid, purpose_code text, form_id uuid default null, is_blocking boolean default true
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_id uuid;
begin
  insert into app_public.patient_requirements
    (organization_id, patient_profile_id, template_id, purpose_code, form_id, is_blocking, automation_rule_version_id, created_at)
  values (step.organization_id, step.patient_profile_id, ask_of_patient.template_id, ask_of_patient.purpose_code,
          ask_of_patient.form_id, ask_of_patient.is_blocking, step.rule_version_id, app_hidden.now())
  on conflict (organization_id, patient_profile_id, template_id, purpose_code) where fulfilled_at is null and lifted_at is null
  do update set
    is_blocking = true, automation_rule_version_id = excluded.automation_rule_version_id, created_at = excluded.created_at
  where excluded.is_blocking and not patient_requirements.is_blocking
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.ask_of_patient is
  'Asks a patient for a form or a consent; null where that is asked already.';
grant execute on function app_private.ask_of_patient to app_engine;
