-- What people are asked to accept, in which words, and what they answered. FND-16, CNS-01, CNS-03.
-- squawk-ignore ban-drop-table
drop table if exists app_public.consents;
-- squawk-ignore ban-drop-table
drop table if exists app_public.consent_purpose_versions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.consent_purposes;

create table app_public.consent_purposes (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  code text not null,
  scope text not null,
  legal_basis text not null,
  is_withdrawable boolean not null,
  is_medical boolean not null,
  on_withdrawal text not null default 'nothing',
  name text not null,
  name_ro text not null,
  needed_for text not null,
  needed_for_ro text not null,
  created_at timestamptz not null default now(),
  constraint consent_purposes_identity unique (scope_id, id),
  constraint consent_purposes_code_is_known_by_its_clinic unique (scope_id, code),
  constraint consent_purposes_of_the_platform_have_fixed_ids
    check (organization_id is not null or uuid_extract_version(id) is not distinct from 8),
  constraint consent_purposes_code_is_a_slug check (code ~ '^[a-z]+(_[a-z0-9]+)*$' and length(code) <= 63),
  constraint consent_purposes_of_a_clinic_are_about_treatments
    check ((organization_id is not null) = starts_with(code, 'treatment_specific_')),
  constraint consent_purposes_of_a_clinic_are_medical
    check (organization_id is null or (scope = 'organization' and legal_basis = 'consent' and is_medical)),
  constraint consent_purposes_scope_is_known check (scope in ('platform', 'organization')),
  constraint consent_purposes_legal_basis_is_known
    check (legal_basis in ('consent', 'contract', 'legal_obligation', 'legitimate_interest')),
  constraint consent_purposes_consent_can_be_withdrawn check (legal_basis <> 'consent' or is_withdrawable),
  constraint consent_purposes_medical_ones_rest_on_consent
    check (not is_medical or (legal_basis = 'consent' and scope = 'organization')),
  constraint consent_purposes_on_withdrawal_is_known check (on_withdrawal in ('nothing', 'removal', 'erasure')),
  constraint consent_purposes_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint consent_purposes_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint consent_purposes_name_is_at_most_200_characters_long check (length(name) <= 200),
  constraint consent_purposes_name_ro_is_not_blank check (name_ro ~ '[[:alnum:]]'),
  constraint consent_purposes_name_ro_is_one_line check (name_ro !~ '[[:cntrl:]]'),
  constraint consent_purposes_name_ro_is_at_most_200_characters_long check (length(name_ro) <= 200),
  constraint consent_purposes_needed_for_is_at_most_500_characters_long check (length(needed_for) <= 500),
  constraint consent_purposes_needed_for_ro_is_at_most_500_characters_long check (length(needed_for_ro) <= 500)
);
create index consent_purposes_organization_id_idx on app_public.consent_purposes (organization_id);
comment on table app_public.consent_purposes is
  'What people are asked to accept: of the platform, and treatments of a clinic. In which words, say its versions.';
comment on column app_public.consent_purposes.scope_id is E'@behavior -*\nThe clinic, or zero for the platform.';
comment on column app_public.consent_purposes.code is 'The word that it is known by, such as telemedicine or org_terms.';
comment on column app_public.consent_purposes.scope is 'Whom it is given to.';
comment on column app_public.consent_purposes.legal_basis is 'What the law calls the ground that the processing stands on.';
comment on column app_public.consent_purposes.is_withdrawable is 'Whether it can be withdrawn.';
comment on column app_public.consent_purposes.is_medical is
  'Whether it is about treatment: given by a signed form or on evidence shown to staff, and for a minor by a representative.';
comment on column app_public.consent_purposes.on_withdrawal is 'What withdrawing it starts.';
comment on column app_public.consent_purposes.needed_for is 'What depends on it.';
comment on column app_public.consent_purposes.needed_for_ro is 'What depends on it, in Romanian.';
comment on constraint consent_purposes_scope_is_known on app_public.consent_purposes is
  E'platform: The platform; it is about an account.\norganization: A clinic; it is about a patient there.';
comment on constraint consent_purposes_legal_basis_is_known on app_public.consent_purposes is
  E'consent: The person agrees.\ncontract: The service cannot be given without it.\n'
  'legal_obligation: The law asks for it.\nlegitimate_interest: Somebody has a good reason that weighs more.';
comment on constraint consent_purposes_on_withdrawal_is_known on app_public.consent_purposes is
  E'nothing: What needs it is refused from then on.\nremoval: The person is no patient of the clinic any more.\n'
  'erasure: The erasure of the account is asked for.';

create table app_public.consent_purpose_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  purpose_code text not null,
  purpose_scope_id uuid not null generated always as (
    case when starts_with(purpose_code, 'treatment_specific_') then coalesce(organization_id, '00000000-0000-0000-0000-000000000000')
      else '00000000-0000-0000-0000-000000000000' end) stored,
  number int not null,
  is_required boolean not null,
  asks_again boolean not null,
  accepts_from int not null default 0,
  in_force_from timestamptz not null default now(),
  title_ro text not null,
  title_en text,
  body_ro text not null,
  body_en text,
  content_hash bytea not null default '',
  published_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint consent_purpose_versions_identity unique (scope_id, id),
  constraint consent_purpose_versions_are_numbered unique (scope_id, purpose_code, number),
  constraint consent_purpose_versions_have_a_purpose foreign key (purpose_scope_id, purpose_code)
    references app_public.consent_purposes (scope_id, code) on delete restrict,
  constraint consent_purpose_versions_purpose_is_in_reach check (
    purpose_scope_id = '00000000-0000-0000-0000-000000000000' or purpose_scope_id = organization_id),
  constraint consent_purpose_versions_of_the_platform_have_fixed_ids
    check (organization_id is not null or uuid_extract_version(id) is not distinct from 8),
  constraint consent_purpose_versions_number_counts_from_one check (number >= 1),
  constraint consent_purpose_versions_the_first_is_asked_for check (number > 1 or asks_again),
  constraint consent_purpose_versions_accept_versions_up_to_their_own check (accepts_from between 1 and number),
  constraint consent_purpose_versions_content_hash_is_a_sha256 check (length(content_hash) = 32),
  constraint consent_purpose_versions_title_ro_is_not_blank check (title_ro ~ '[[:alnum:]]'),
  constraint consent_purpose_versions_title_ro_is_one_line check (title_ro !~ '[[:cntrl:]]'),
  constraint consent_versions_title_ro_is_at_most_200_characters_long check (length(title_ro) <= 200),
  constraint consent_purpose_versions_title_en_is_not_blank check (title_en ~ '[[:alnum:]]'),
  constraint consent_purpose_versions_title_en_is_one_line check (title_en !~ '[[:cntrl:]]'),
  constraint consent_versions_title_en_is_at_most_200_characters_long check (length(title_en) <= 200),
  constraint consent_purpose_versions_body_ro_is_not_blank check (body_ro ~ '[[:alnum:]]'),
  constraint consent_versions_body_ro_is_at_most_50000_characters_long check (length(body_ro) <= 50000),
  constraint consent_purpose_versions_body_en_is_not_blank check (body_en ~ '[[:alnum:]]'),
  constraint consent_versions_body_en_is_at_most_50000_characters_long check (length(body_en) <= 50000),
  constraint consent_purpose_versions_are_whole_in_english check ((title_en is null) = (body_en is null))
);
create index consent_purpose_versions_organization_id_idx on app_public.consent_purpose_versions (organization_id);
create index consent_purpose_versions_purpose_idx on app_public.consent_purpose_versions (purpose_scope_id, purpose_code);
create index consent_purpose_versions_published_by_idx on app_public.consent_purpose_versions (published_by);
comment on table app_public.consent_purpose_versions is
  'The words of a purpose, as the platform or a clinic wrote them. Never changed: new words are a new version. What counts at a '
  'clinic is its newest in force, else the platform''s.';
comment on constraint consent_purpose_versions_have_a_purpose on app_public.consent_purpose_versions is
  E'@fieldName purpose\n@foreignFieldName versions\nWhat it is a version of.';
comment on column app_public.consent_purpose_versions.scope_id is E'@behavior -*\nThe clinic, or zero for the platform.';
comment on column app_public.consent_purpose_versions.purpose_scope_id is
  E'@behavior -*\nThe clinic that has the purpose, or zero for the platform.';
comment on column app_public.consent_purpose_versions.purpose_code is 'Which purpose it is of.';
comment on column app_public.consent_purpose_versions.number is 'Which version it is, counted from 1 at the platform and at each clinic.';
comment on column app_public.consent_purpose_versions.is_required is
  'Whether everybody has to accept it: the terms. What is not required is asked for where it is needed.';
comment on column app_public.consent_purpose_versions.asks_again is
  'Whether those who accepted an earlier version are asked again; otherwise they are told of it.';
comment on column app_public.consent_purpose_versions.accepts_from is
  'The number of the oldest version whose acceptance still counts. The database''s word.';
comment on column app_public.consent_purpose_versions.in_force_from is 'From when on it counts.';
comment on column app_public.consent_purpose_versions.title_ro is 'The title, in Romanian.';
comment on column app_public.consent_purpose_versions.title_en is 'The title, in English.';
comment on column app_public.consent_purpose_versions.body_ro is 'The text, in Romanian; plain text, never HTML.';
comment on column app_public.consent_purpose_versions.body_en is 'The text, in English; plain text, never HTML.';
comment on column app_public.consent_purpose_versions.content_hash is 'SHA-256 over titles and texts. The database''s word.';
comment on column app_public.consent_purpose_versions.published_by is 'Who published it, by the id of their account.';

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
  constraint consents_relationship_is_known check (relationship in ('parent', 'guardian', 'spouse', 'child', 'other')),
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
comment on column app_public.consents.relationship is 'What they were to the patient.';
comment on column app_public.consents.evidence is 'What staff were shown.';
comment on column app_public.consents.evidence_hash is 'SHA-256 of the proof of the signed form.';
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
comment on constraint consents_relationship_is_known on app_public.consents is
  E'parent: Mother or father.\nguardian: Appointed by law or a court.\nspouse: Husband or wife.\nchild: A grown child.\n'
  'other: Somebody else whom the patient named.';
