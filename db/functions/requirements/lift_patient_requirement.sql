-- The clinic lets go of what it asked: the patient answered on paper, or is not the one to ask. AUT-02.

set role app_engine;

create or replace function app_public.lift_patient_requirement(patient_requirement_id uuid, reason text)
returns app_public.patient_requirements
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_requirement app_public.patient_requirements;
begin
  select patient_requirements.* into v_requirement
  from app_public.patient_requirements
  where patient_requirements.id = lift_patient_requirement.patient_requirement_id
    and patient_requirements.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_requirement_not_found');
  end if;
  perform app_private.require_permission(v_requirement.organization_id, 'patients.block');
  if v_requirement.fulfilled_at is not null or v_requirement.lifted_at is not null then
    perform app_hidden.refuse('STATE', 'patient_requirement_over');
  end if;
  update app_public.patient_requirements set
    lifted_at = app_hidden.now(),
    lifted_by = app_private.current_actor_id(),
    lift_reason = app_private.require_reason(lift_patient_requirement.reason)
  where patient_requirements.id = v_requirement.id
  returning * into v_requirement;
  return v_requirement;
end;
$$;

comment on function app_public.lift_patient_requirement is
  E'@arg patientRequirementId What is asked, by its id.\n@arg reason Why; the patient reads it.\n'
  'Lets go of a form or a consent that an automation asked a patient for, so that it keeps nobody from booking. Needs '
  'patients.block; STATE patient_requirement_over.';
grant execute on function app_public.lift_patient_requirement to app_member;

reset role;
