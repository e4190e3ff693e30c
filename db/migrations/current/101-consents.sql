-- What people answered: the ledger. FND-16, CNS-03. 100-consents.sql drops it, since it points at what stands there.

create table app_public.consents (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  patient_profile_id uuid references app_public.patient_profiles on delete restrict,
  human_id uuid references app_public.humans on delete restrict,
  purpose_code text not null,
  version_scope_id uuid not null,
  purpose_version_id uuid not null,
  legal_basis text not null,
  decision text not null,
  source text not null,
  source_form_id uuid,
  decided_by uuid references app_public.principals on delete restrict,
  caregiver_id uuid references app_public.caregivers on delete restrict,
  relationship text,
  evidence text,
  evidence_hash bytea,
  emergency_reason text,
  holds_until timestamptz,
  decided_at timestamptz not null,
  created_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  withdrawn_by uuid references app_public.principals on delete restrict,
  constraint consents_identity unique (organization_id, id),
  constraint consents_are_about_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint consents_are_to_a_version foreign key (version_scope_id, purpose_version_id)
    references app_public.consent_purpose_versions (scope_id, id) on delete restrict,
  constraint consents_version_is_the_platforms_or_the_clinics check (
    version_scope_id = '00000000-0000-0000-0000-000000000000' or version_scope_id = organization_id),
  constraint consents_are_of_a_patient_or_of_an_account check (
    (organization_id is null) = (patient_profile_id is null) and (patient_profile_id is null) = (human_id is not null)),
  constraint consents_legal_basis_is_known
    check (legal_basis in ('consent', 'contract', 'legal_obligation', 'legitimate_interest')),
  constraint consents_decision_is_known check (decision in ('granted', 'refused')),
  constraint consents_source_is_known check (source in ('self', 'staff', 'form')),
  constraint consents_a_form_is_named check ((source = 'form') = (source_form_id is not null)),
  constraint consents_forms_and_staff_have_evidence check (
    case source when 'form' then decision = 'refused' or evidence_hash is not null
                when 'staff' then evidence is not null or emergency_reason is not null
                else evidence is null and evidence_hash is null end),
  constraint consents_evidence_is_not_blank check (length(btrim(evidence)) >= 3),
  constraint consents_evidence_is_at_most_500_characters_long check (length(evidence) <= 500),
  constraint consents_evidence_hash_is_a_sha256 check (length(evidence_hash) = 32),
  constraint consents_emergency_has_a_reason_and_an_end check ((emergency_reason is null) = (holds_until is null)),
  constraint consents_emergency_is_decided_by_staff check (emergency_reason is null or (source = 'staff' and decision = 'granted')),
  constraint consents_emergency_reason_is_not_blank check (length(btrim(emergency_reason)) >= 3),
  constraint consents_emergency_reason_is_at_most_500_characters_long check (length(emergency_reason) <= 500),
  constraint consents_representative_says_what_they_are check ((caregiver_id is null) = (relationship is null)),
  constraint consents_only_what_was_granted_is_withdrawn check (withdrawn_at is null or decision = 'granted'),
  constraint consents_withdrawn_after_decided check (withdrawn_at >= decided_at)
);
create index consents_patient_idx on app_public.consents (organization_id, patient_profile_id, purpose_code, decided_at);
create index consents_profile_idx on app_public.consents (patient_profile_id);
create index consents_human_idx on app_public.consents (human_id, purpose_code, decided_at);
create index consents_version_idx on app_public.consents (version_scope_id, purpose_version_id);
create index consents_decided_by_idx on app_public.consents (decided_by);
create index consents_withdrawn_by_idx on app_public.consents (withdrawn_by);
create index consents_caregiver_idx on app_public.consents (caregiver_id);
create index consents_form_idx on app_public.consents (organization_id, source_form_id);
comment on table app_public.consents is
  'The ledger: what a patient of a clinic, or the holder of an account, accepted or refused, in which version, and when it was '
  'withdrawn. Nothing else of a row ever changes, and no row goes.';
comment on constraint consents_are_to_a_version on app_public.consents is
  E'@fieldName version\n@behavior -backward:*\nThe words that were accepted or refused.';
comment on constraint consents_are_about_a_patient on app_public.consents is
  E'@fieldName patient\n@foreignFieldName consents\nThe patient it is about; null where it is about an account.';
comment on column app_public.consents.version_scope_id is E'@behavior -*\nThe clinic that wrote the words, or zero for the platform.';
comment on column app_public.consents.human_id is 'Whose account it is about, where it was given to the platform.';
comment on column app_public.consents.purpose_code is 'What it is about, by the code of ConsentPurpose.';
comment on column app_public.consents.purpose_version_id is 'The words that were accepted or refused, by the id of ConsentPurposeVersion.';
comment on column app_public.consents.legal_basis is 'What the law calls the ground, as it was then.';
comment on column app_public.consents.decision is 'What was answered.';
comment on column app_public.consents.source is 'How the answer came here.';
comment on column app_public.consents.source_form_id is 'The signed form, where one gave it.';
comment on column app_public.consents.decided_by is 'Whose account answered or recorded the answer; null for a link or a kiosk.';
comment on column app_public.consents.caregiver_id is 'The link by which somebody answered on behalf of the patient.';
comment on column app_public.consents.relationship is E'@words caregivers.relationship\nWhat they were to the patient.';
comment on column app_public.consents.evidence is 'What staff were shown.';
comment on column app_public.consents.evidence_hash is E'@behavior -*\nSHA-256 of the proof of the signed form.';
comment on column app_public.consents.emergency_reason is 'Why staff went on without asking.';
comment on column app_public.consents.holds_until is 'When what staff decided in an emergency ends.';
comment on column app_public.consents.decided_at is 'When it was answered.';
comment on column app_public.consents.withdrawn_at is
  'When it was withdrawn; null while it stands. Later than everything that was done by it. The database''s word.';
comment on column app_public.consents.withdrawn_by is 'Whose account withdrew it.';
comment on constraint consents_legal_basis_is_known on app_public.consents is
  E'consent: The person agrees.\ncontract: The service cannot be given without it.\n'
  'legal_obligation: The law asks for it.\nlegitimate_interest: Somebody has a good reason that weighs more.';
comment on constraint consents_decision_is_known on app_public.consents is E'granted: Yes.\nrefused: No.';
comment on constraint consents_source_is_known on app_public.consents is
  E'self: In the portal, by the person or somebody who cares for them.\nstaff: Recorded by staff, on evidence or in an emergency.\n'
  'form: By a signed form.';
