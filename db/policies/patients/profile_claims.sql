-- Whoever claims a profile hears of it by verbs; whether there is one, before the code was right, by nothing. FND-32.

select app_private.classify('app_private.profile_claims', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "code_id", "claimed_at", "created_at"],
    "pii_basic": ["human_id", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_private.profile_claims', 'patient_profile_id', 'moves');
select app_private.protect('app_private.profile_claims', engine => 'select, insert, update, delete');
select app_private.retain('app_private.profile_claims', 'operations', 'delete', kept_from => 'created_at');
