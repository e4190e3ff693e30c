-- Which rows a rule reads, and whom a changed row is about: what marks patients to be looked at again stands on these. SEG-03.
-- A score of a form is written with its completion, so form stands for both.

select app_private.own_rows('app_private.rule_sources', rows => '
  code         | table_name                           | found_by           | detail_column
  -------------+--------------------------------------+--------------------+----------------
  profile      | app_public.patient_profiles          | profile            |
  patient      | app_public.patients                  | patient            |
  clinic       | app_public.organizations             | clinic             |
  custom       | app_public.custom_field_values       | patient_profile_id | custom_field_id
  form         | app_public.forms                     | patient_id         | template_id
  forms        | app_public.forms                     | patient_id         |
  appointments | app_public.appointments              | patient_profile_id |
  consents     | app_public.consents                  | patient_profile_id | purpose_code
  consents     | app_public.consent_purpose_versions  | everyone           | purpose_code
  plans        | app_public.patient_service_plans     | patient_profile_id |
  plans        | app_public.patient_subscriptions     | patient_profile_id |
  subscription | app_public.patient_subscriptions     | patient_profile_id |
  segment      | app_public.segment_members           | patient_id         | segment_id
  treatment    | app_public.patient_treatment_plans   | patient_profile_id |
  treatment    | app_public.patient_sessions          | patient_profile_id |
');
