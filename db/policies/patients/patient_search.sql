-- Read and kept by functions of the engine alone. FND-07.

select app_private.classify('app_private.patient_search', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "phi": ["patient_profile_id"], "pii_basic": ["word", "text"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Derived from patients and patient_profiles, whose changes are on record.');
select app_private.on_merge('app_private.patient_search', 'patient_profile_id', 'stays', 'What is found of a patient, written anew with the patient.');
select app_private.protect('app_private.patient_search', engine => 'select, insert, update, delete');
