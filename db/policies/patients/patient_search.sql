-- Read and kept by functions of the engine alone. FND-07.

alter table app_private.patient_search enable row level security;
alter table app_private.patient_search force row level security;

grant select, insert, update on app_private.patient_search to app_engine;
drop policy if exists patient_search_all_engine on app_private.patient_search;
create policy patient_search_all_engine on app_private.patient_search
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.patient_search', 'medical_record',
  '{"operational": ["organization_id"], "phi": ["patient_id", "patient_profile_id"], "pii_basic": ["text"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Derived from patients and patient_profiles, whose changes are on record.');
