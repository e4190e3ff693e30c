-- Read and kept by functions of the engine alone. FND-07.

select app_private.classify('app_private.search_words', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "pii_basic": ["word"]}',
  unaudited => 'Derived from patient_profiles, whose changes are on record.');
select app_private.protect('app_private.search_words', engine => 'select, insert, delete');
