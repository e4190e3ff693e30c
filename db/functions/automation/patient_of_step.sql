-- What actions that change something about a patient begin with. AUT-02.

create or replace function app_private.patient_of_step(step app_private.action_step) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = step.organization_id and patients.id = step.patient_id and patients.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.patient_of_step is 'The patient of an action, locked; NOT_FOUND patient_not_found where the clinic has none.';
grant execute on function app_private.patient_of_step to app_engine;

-- Who set up what an automation does: what needs a person who decided it is theirs.
create or replace function app_private.author_of_step(step app_private.action_step) returns uuid
language sql stable
set search_path = ''
begin atomic
  select versions.created_by
  from app_public.automation_rule_versions as versions
  where versions.organization_id = (step).organization_id and versions.id = (step).rule_version_id;
end;

comment on function app_private.author_of_step is 'Who saved the version that acts; null where it came with the clinic.';
grant execute on function app_private.author_of_step to app_engine;

-- The outcomes that actions answer with, in the words of the execution.
create or replace function app_private.acted(outcome text, reason text default null, details jsonb default '{}')
returns app_private.action_outcome
language sql immutable
set search_path = ''
return (acted.outcome, acted.reason, acted.details, null::timestamptz)::app_private.action_outcome;

comment on function app_private.acted is 'An outcome: done, skipped or failed, with its reason.';
grant execute on function app_private.acted to app_engine;
