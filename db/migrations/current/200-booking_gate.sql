-- What keeps a patient from being booked for, confirmed, or treated. APT-06, CNS-08.
drop function if exists app_public.agenda_appointment_missing(app_public.agenda_appointment);
drop function if exists app_public.missing_of_appointment(uuid);
drop function if exists app_public.missing_of_booking_request(uuid);
drop function if exists app_public.prepare_booking(uuid, uuid);
drop function if exists app_private.missing_for_caller(uuid);
drop function if exists app_private.hold_requirements(app_public.appointments, text);
drop function if exists app_private.refuse_unready(app_public.missing_requirement[]);
drop function if exists app_private.what_is_missing(app_public.appointments, text, text[]);
drop type if exists app_public.missing_requirement;
create type app_public.missing_requirement as (
  kind text,
  purpose text,
  version int,
  purpose_version_id uuid,
  reason text,
  template_id uuid,
  form_id uuid,
  until timestamptz,
  resolved_by text
);
comment on type app_public.missing_requirement is
  E'@foreignKey (purpose_version_id) references app_public.consent_purpose_versions (id)\n'
  '@foreignKey (template_id) references app_public.form_templates (id)\n'
  '@foreignKey (form_id) references app_public.forms (id)\n'
  'Something that is asked of a patient before an appointment and is not there yet.';
comment on column app_public.missing_requirement.kind is
  'What is missing: terms, consent, form; or blocked, where the clinic keeps the patient from booking by themselves.';
comment on column app_public.missing_requirement.purpose is E'@nullable\nWhat has to be consented to, by the code of ConsentPurpose.';
comment on column app_public.missing_requirement.version is E'@nullable\nThe number of the version that counts now.';
comment on column app_public.missing_requirement.purpose_version_id is E'@nullable\nThe version that counts now.';
comment on column app_public.missing_requirement.reason is
  'Why it is missing: never_given, older_version, withdrawn or refused of a consent; the status of a form; why the clinic blocks.';
comment on column app_public.missing_requirement.template_id is
  E'@nullable\nThe template of the form that is missing, or whose signature gives the consent.';
comment on column app_public.missing_requirement.form_id is E'@nullable\nThe form of the patient that is to be filled in or signed.';
comment on column app_public.missing_requirement.until is E'@nullable\nUntil when the clinic blocks; null where nobody said.';
comment on column app_public.missing_requirement.resolved_by is
  'What resolves it: self, where the patient accepts words; form, where one is filled in or signed; clinic, who is to be asked.';

-- What stands of a patient's consents is found without what was withdrawn.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.consents_standing_idx;
-- squawk-ignore require-concurrent-index-creation
create index consents_standing_idx on app_public.consents (organization_id, patient_profile_id, purpose_code)
  where decision = 'granted' and withdrawn_at is null;

