-- What the lint would report and we mean, with the reason. An exception that excuses nothing any more is reported.

drop table if exists tests.lint_exceptions;
create table tests.lint_exceptions (
  rule text not null,
  object text not null,
  reason text not null,
  primary key (rule, object)
);
grant select on tests.lint_exceptions to public;

insert into tests.lint_exceptions (rule, object, reason) values
  ('soft_delete', 'app_public.organizations_slug_is_unique',
   'A link to a clinic that closed must never lead to another one.'),
  ('soft_delete', 'app_public.appointments_request_becomes_one_appointment',
   'A request was answered once, whether or not its appointment is deleted later.'),
  ('soft_delete', 'app_public.appointments_claim_is_used_once',
   'A claim belongs to its appointment for good.'),
  ('soft_delete', 'app_public.patients_profile_is_patient_once',
   'A person who comes back gets the same record: admit_patient() takes the deletion back.'),
  ('tenant_uniques', 'app_private.time_claims_token_is_unique', 'A digest of 256 random bits: it tells nobody anything.'),
  ('tenant_uniques', 'app_public.booking_requests_token_is_unique', 'A digest of 256 random bits: it tells nobody anything.'),
  ('tenant_uniques', 'app_public.specialties_identity', 'scope_id is the clinic, or zero for the platform.'),
  ('tenant_identity', 'app_public.specialties', 'Platform rows have no clinic: scope_id stands for it in the key.'),
  ('tenant_foreign_keys', 'app_public.specialist_specialties (specialist_specialties_specialty_is_in_scope)',
   'The scope is this clinic or the platform by constraint; FND-06 is tried in db/tests/rls/tenant_keys.test.sql.'),
  ('tenant_foreign_keys', 'app_public.specialist_specialties (specialist_specialties_specialty_id_fkey)',
   'Stands beside specialty_is_in_scope, for the API to follow.'),
  ('tenant_foreign_keys', 'app_private.event_deliveries',
   'A part of its event that no role but the engine reaches.'),
  ('tenant_foreign_keys', 'app_private.events (events_organization_id_cause_id_fkey)',
   'Only events of the platform have no clinic, and their cause shows nothing to anybody.'),
  ('policies_run_once', 'app_public.patient_profiles.patient_profiles_select_staff',
   'One index look-up a row, measured; the alternative, an array of every patient of the clinic, grows with the clinic.'),
  ('policies_run_once', 'app_public.patient_profiles.patient_profiles_update_staff',
   'One index look-up a row, measured; the alternative, an array of every patient of the clinic, grows with the clinic.'),
  ('policies_run_once', 'app_public.caregivers.caregivers_select_staff',
   'One index look-up a row, measured; the alternative, an array of every patient of the clinic, grows with the clinic.'),
  ('policies_run_once', 'app_public.files.files_select_of_appointment',
   'One index look-up a row, measured; the alternative, every appointment of the clinic, grows with the clinic.'),
  ('references', 'app_private.events.subject_id', 'An event is about a row of any table.'),
  ('references', 'app_private.event_deliveries.subject_id', 'Copied from its event.'),
  ('references', 'app_private.events.cause_id', 'Only events of the platform, which have no clinic, go unchecked.'),
  ('references', 'app_public.specialties.scope_id', 'Generated from organization_id, which has its key.'),
  ('tenant_rows', 'app_public.specialties', 'The platform''s specialties, which every clinic may use.'),
  ('tenant_rows', 'app_private.events', 'Events of the platform itself.');
