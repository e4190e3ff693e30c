-- Written by `add_caregiver`, read through `caregivers_evidence`. FND-07.

select app_private.classify('app_private.caregiver_evidence', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "created_at"], "pii_basic": ["caregiver_id", "patient_profile_id", "evidence"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_private.caregiver_evidence', 'patient_profile_id', 'on_merge_caregivers');
select app_private.protect('app_private.caregiver_evidence', engine => 'select, insert, update');
