-- The patient reads what is asked and why it was let go of, and staff who see patients. Written by verbs, actions and triggers
-- only, deleted by nobody. AUT-02.

select app_private.classify('app_public.patient_requirements', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "is_blocking", "automation_rule_version_id", "created_at", "lifted_at", "lifted_by"],
    "phi": ["patient_profile_id", "template_id", "purpose_code", "form_id", "fulfilled_at", "lift_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_requirements', 'patient_profile_id', 'moves');
select app_private.protect('app_public.patient_requirements', engine => 'select, insert, update');

-- Which automation asked, its execution says, to staff with automations.view.
grant select (id, organization_id, patient_profile_id, template_id, purpose_code, form_id, is_blocking, created_at, fulfilled_at,
              lifted_at, lifted_by, lift_reason) on app_public.patient_requirements to app_member;

create policy patient_requirements_select_staff on app_public.patient_requirements for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy patient_requirements_select_person on app_public.patient_requirements for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
