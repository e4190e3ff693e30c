-- Allowed in patients, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'Policies ask it about the caller; the tables it reads are under such policies themselves.', unnest(array[
  'app_hidden.current_human_patient_profile_ids()',
  'app_hidden.current_patient_organization_ids()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_custom_field_values__completed()',
  'app_private.tg_patient_profiles__caregivers()',
  'app_private.tg_patient_profiles__completed()',
  'app_private.tg_patient_profiles__email_proof()',
  'app_private.tg_patient_profiles__own_account()',
  'app_private.tg_patient_profiles__search()',
  'app_private.tg_patient_search__words()',
  'app_private.tg_patients__merged()',
  'app_private.tg_patients__search()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.add_caregiver(uuid,uuid,text,text,text,text)',
  'app_public.caregivers_evidence(app_public.caregivers)',
  'app_public.claim_patient_profiles(text,text,date)',
  'app_public.clinic_terms(uuid)',
  'app_public.confirm_profile_claim(uuid,text,uuid[],date)',
  'app_public.create_patient(uuid,text,text,text,text,date,text,boolean)',
  'app_public.enroll_child(uuid,uuid[],text,text,date,text,text)',
  'app_public.invite_patient(uuid,uuid,text)',
  'app_public.join_clinic(uuid,uuid[],text,text,date,text,uuid)',
  'app_public.likely_duplicates(uuid,uuid)',
  'app_public.merge_patients(uuid,uuid,text)',
  'app_public.patients_missing_fields(app_public.patients)',
  'app_public.remove_patient(uuid)',
  'app_public.request_profile_claim(uuid,text,text,text,date)',
  'app_public.revoke_caregiver(uuid)',
  'app_public.search_patients(uuid,text)',
  'app_public.undo_patient_merge(uuid,text)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('owned_rows', 'app_private.merge_rules',
   'The policy file of a table says what a merge does with its rows, by on_merge().'),
  ('soft_delete', 'app_public.patients_profile_is_patient_once',
   'A person who comes back gets the same record: admit_patient() takes the deletion back.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'A person''s own clinics, profiles, appointments and rights: asked of each server that knows the person.', unnest(array[
  'app_hidden.current_human_patient_profile_ids()',
  'app_hidden.current_patient_organization_ids()',
  'app_public.claim_patient_profiles(text,text,date)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file. It grows with the appointments; how long the law asks for it is for counsel to confirm.', unnest(array[
  'app_private.caregiver_evidence',
  'app_private.patient_search',
  'app_private.search_words',
  'app_public.caregivers',
  'app_public.patient_merges',
  'app_public.patient_profiles',
  'app_public.patients'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'policies_run_once', 'One index look-up a row, measured; the alternative, an array of every patient of the clinic, grows with the clinic.', unnest(array[
  'app_public.caregivers.caregivers_select_staff',
  'app_public.patient_profiles.patient_profiles_select_staff',
  'app_public.patient_profiles.patient_profiles_update_staff'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.caregivers', 'patient_profile_id, human_id', 'A human cares for a person once at a time.'),
  ('app_public.patient_merges', 'organization_id, merged_profile_id', 'A patient is merged into one other at a time (FND-34).'),
  ('app_public.patients', 'organization_id, patient_profile_id', 'A person is a patient of a clinic once.');
