-- Written by `add_caregiver`, read through `caregivers_evidence`. FND-07.

alter table app_private.caregiver_evidence enable row level security;
alter table app_private.caregiver_evidence force row level security;

grant select, insert, update on app_private.caregiver_evidence to app_engine;
drop policy if exists caregiver_evidence_all_engine on app_private.caregiver_evidence;
create policy caregiver_evidence_all_engine on app_private.caregiver_evidence
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.caregiver_evidence', 'medical_record',
  '{"operational": ["organization_id", "created_at"], "pii_basic": ["caregiver_id", "patient_profile_id", "evidence"]}',
  person_column => 'patient_profile_id');
