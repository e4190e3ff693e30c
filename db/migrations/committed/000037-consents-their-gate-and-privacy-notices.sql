--! Previous: sha1:922583388ca4a7bff03579a4dcc38eebbcde326c
--! Hash: sha1:ccd3709dfaca7754e5a2fa7f394280529dc1bb5c
--! Message: consents, their gate and privacy notices

--! split: 100-consents.sql
-- What people are asked to accept, in which words, and what they answered. FND-16, CNS-01, CNS-03.
-- squawk-ignore ban-drop-table
drop table if exists app_public.consents;
-- squawk-ignore ban-drop-table
drop table if exists app_public.consent_purpose_versions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.privacy_notice_sections;
-- squawk-ignore ban-drop-table
drop table if exists app_public.privacy_notice_templates;
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

-- What clinics compose their privacy notices of. FND-19.
create table app_public.privacy_notice_templates (
  version int primary key,
  readiness text not null,
  confirmed_by text,
  title_ro text not null,
  title_en text not null,
  constraint privacy_notice_templates_version_counts_from_one check (version >= 1),
  constraint privacy_notice_templates_readiness_is_known check (readiness in ('draft', 'production_ready')),
  constraint privacy_notice_templates_are_ready_when_confirmed check ((readiness = 'production_ready') = (confirmed_by is not null))
);
comment on table app_public.privacy_notice_templates is
  'What clinics compose their privacy notices of: the newest is used. A draft until counsel has confirmed it.';
comment on column app_public.privacy_notice_templates.readiness is 'Whether clinics may publish it in production.';
comment on column app_public.privacy_notice_templates.confirmed_by is 'Who confirmed it as counsel.';
comment on column app_public.privacy_notice_templates.title_ro is 'The title, in Romanian.';
comment on column app_public.privacy_notice_templates.title_en is 'The title, in English.';
comment on constraint privacy_notice_templates_readiness_is_known on app_public.privacy_notice_templates is
  E'draft: Not confirmed: to try out.\nproduction_ready: Confirmed by counsel.';

create table app_public.privacy_notice_sections (
  template_version int not null references app_public.privacy_notice_templates on delete restrict,
  key text not null,
  position int not null,
  is_optional boolean not null,
  title_ro text not null,
  title_en text not null,
  body_ro text not null,
  body_en text not null,
  constraint privacy_notice_sections_pkey primary key (template_version, key),
  constraint privacy_notice_sections_have_an_order unique (template_version, position),
  constraint privacy_notice_sections_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$')
);
comment on table app_public.privacy_notice_sections is
  'A part of a template: always there, or switched on by the clinic. {{clinicName}}, {{clinicAddress}}, {{clinicEmail}} and '
  '{{clinicPhone}} stand for the clinic''s own.';
comment on column app_public.privacy_notice_sections.template_version is 'Which template it is of.';
comment on column app_public.privacy_notice_sections.position is 'Which it is in the notice.';
comment on column app_public.privacy_notice_sections.is_optional is 'Whether the clinic switches it on.';
comment on column app_public.privacy_notice_sections.title_ro is 'The heading, in Romanian.';
comment on column app_public.privacy_notice_sections.title_en is 'The heading, in English.';
comment on column app_public.privacy_notice_sections.body_ro is 'The text, in Romanian; plain text.';
comment on column app_public.privacy_notice_sections.body_en is 'The text, in English; plain text.';

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
  notice_template int references app_public.privacy_notice_templates on delete restrict,
  notice_sections text[],
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
  constraint consent_versions_title_ro_is_not_blank check (title_ro ~ '[[:alnum:]]'),
  constraint consent_versions_title_ro_is_one_line check (title_ro !~ '[[:cntrl:]]'),
  constraint consent_versions_title_ro_is_at_most_200_characters_long check (length(title_ro) <= 200),
  constraint consent_versions_title_en_is_not_blank check (title_en ~ '[[:alnum:]]'),
  constraint consent_versions_title_en_is_one_line check (title_en !~ '[[:cntrl:]]'),
  constraint consent_versions_title_en_is_at_most_200_characters_long check (length(title_en) <= 200),
  constraint consent_versions_body_ro_is_not_blank check (body_ro ~ '[[:alnum:]]'),
  constraint consent_versions_body_ro_is_at_most_50000_characters_long check (length(body_ro) <= 50000),
  constraint consent_versions_body_en_is_not_blank check (body_en ~ '[[:alnum:]]'),
  constraint consent_versions_body_en_is_at_most_50000_characters_long check (length(body_en) <= 50000),
  constraint consent_purpose_versions_notices_have_a_template check (
    (notice_template is not null) = (purpose_code = 'privacy_notice') and (notice_template is null) = (notice_sections is null)),
  constraint consent_purpose_versions_are_whole_in_english check ((title_en is null) = (body_en is null))
);
create index consent_purpose_versions_organization_id_idx on app_public.consent_purpose_versions (organization_id);
create index consent_purpose_versions_purpose_idx on app_public.consent_purpose_versions (purpose_scope_id, purpose_code);
create index consent_purpose_versions_notice_template_idx on app_public.consent_purpose_versions (notice_template);
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
comment on column app_public.consent_purpose_versions.content_hash is E'@behavior -*\nSHA-256 over titles and texts. The database''s word.';
comment on column app_public.consent_purpose_versions.notice_template is
  'The version of the template that a privacy notice was composed of.';
comment on column app_public.consent_purpose_versions.notice_sections is 'The optional sections that the clinic switched on.';
comment on column app_public.consent_purpose_versions.published_by is 'Who published it, by the id of their account.';

--! split: 101-consents.sql
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

--! split: 110-withdrawal.sql
-- What the withdrawal of platform_terms starts, and what people are shown of their consents. FND-18, FND-16, CNS-09.
-- squawk-ignore ban-drop-table
drop table if exists app_public.erasure_requests;
create table app_public.erasure_requests (
  id uuid primary key default uuidv7(),
  human_id uuid not null references app_public.humans on delete restrict,
  cause text not null,
  created_at timestamptz not null default now(),
  constraint erasure_requests_are_made_once unique (human_id),
  constraint erasure_requests_cause_is_known check (cause in ('platform_terms_withdrawn'))
);
comment on table app_public.erasure_requests is 'That the erasure of an account is asked for, and since when.';
comment on column app_public.erasure_requests.human_id is 'Whose account it is.';
comment on column app_public.erasure_requests.cause is 'What asked for it.';
comment on constraint erasure_requests_cause_is_known on app_public.erasure_requests is
  'platform_terms_withdrawn: The person withdrew the terms of the platform.';

drop function if exists app_public.my_consents(uuid, uuid);
drop type if exists app_public.consent_state;
create type app_public.consent_state as (
  organization_id uuid,
  patient_profile_id uuid,
  purpose_code text,
  name text,
  name_ro text,
  needed_for text,
  needed_for_ro text,
  scope text,
  legal_basis text,
  is_withdrawable boolean,
  is_medical boolean,
  on_withdrawal text,
  state text,
  is_required boolean,
  must_accept boolean,
  purpose_version_id uuid,
  consent_id uuid
);
comment on type app_public.consent_state is
  E'@foreignKey (purpose_version_id) references app_public.consent_purpose_versions (id)\n'
  '@foreignKey (consent_id) references app_public.consents (id)\n'
  'Where somebody stands with a purpose.';
comment on column app_public.consent_state.organization_id is E'@nullable\nThe clinic it is given to; null for the platform.';
comment on column app_public.consent_state.patient_profile_id is E'@nullable\nThe person it is about; null for the account of the caller.';
comment on column app_public.consent_state.purpose_code is 'What it is about, by the code of ConsentPurpose.';
comment on column app_public.consent_state.needed_for is 'What depends on it.';
comment on column app_public.consent_state.needed_for_ro is 'What depends on it, in Romanian.';
comment on column app_public.consent_state.scope is E'@words consent_purposes.scope\nWhom it is given to.';
comment on column app_public.consent_state.legal_basis is
  E'@words consent_purposes.legal_basis\nWhat the law calls the ground that the processing stands on.';
comment on column app_public.consent_state.is_withdrawable is 'Whether it can be withdrawn.';
comment on column app_public.consent_state.is_medical is 'Whether it is about treatment, and so given by a signed form.';
comment on column app_public.consent_state.on_withdrawal is E'@words consent_purposes.on_withdrawal\nWhat withdrawing it starts.';
comment on column app_public.consent_state.state is
  'never_given, granted, withdrawn, refused, or older_version where newer words have to be accepted.';
comment on column app_public.consent_state.is_required is 'Whether everybody has to accept it.';
comment on column app_public.consent_state.must_accept is
  'Whether the person is to be asked now: it is required and not granted, or was granted in words that count no more.';
comment on column app_public.consent_state.purpose_version_id is
  E'@nullable\nThe words that are asked for now; null where nobody has published any.';
comment on column app_public.consent_state.consent_id is E'@nullable\nThe answer that counts, else the last one; null where none was given.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/consents/consent_stands.sql
-- Whether an answer of the ledger satisfies what is asked for now: a grant of a version that still counts, not withdrawn,
-- and not a decision of an emergency that is over. The one place for this rule: the gate, lists and messages ask it.
-- FND-16, FND-17. Without settings of its own, so that the planner puts its body in place.

create or replace function app_private.consent_stands(
  consent app_public.consents,
  given app_public.consent_purpose_versions,
  asked app_public.consent_purpose_versions
) returns boolean
language sql stable parallel safe
return (consent).decision = 'granted'
  and (consent).withdrawn_at is null
  and ((consent).holds_until is null or (consent).holds_until > app_hidden.now())
  and (given).scope_id = (asked).scope_id
  and (given).number >= (asked).accepts_from;

comment on function app_private.consent_stands is 'Whether this answer, to the version given, satisfies the version asked for.';
grant execute on function app_private.consent_stands to app_engine;
-- end of source: functions/consents/consent_stands.sql

-- source: functions/consents/current_consent_version.sql
-- The words of a purpose that count now: the clinic's newest in force, else the platform's newest. FND-16.

create or replace function app_private.current_consent_version(organization_id uuid, purpose text)
returns app_public.consent_purpose_versions
language sql stable parallel safe
set search_path = ''
begin atomic
  select versions
  from app_public.consent_purpose_versions as versions
  where versions.scope_id in (current_consent_version.organization_id, '00000000-0000-0000-0000-000000000000')
    and versions.purpose_code = current_consent_version.purpose
    and versions.in_force_from <= app_hidden.now()
  order by versions.organization_id nulls last, versions.number desc
  limit 1;
end;

comment on function app_private.current_consent_version is
  'The version of a purpose that counts at this clinic (null: at the platform); null where nobody has published any.';
grant execute on function app_private.current_consent_version to app_engine;
-- end of source: functions/consents/current_consent_version.sql

-- source: functions/notify/may_contact.sql
-- The one place that decides whether a person may be written to at all. FND-15, FND-16.
-- About one's own appointment or account no consent is needed. Marketing needs the one for its channel, of a patient of the
-- clinic; a channel without a purpose of its own carries none. claim_message() locks it as the message leaves.

create or replace function app_private.may_contact(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  channel text,
  kind text
) returns boolean
language sql stable parallel safe
set search_path = ''
return may_contact.kind = 'transactional' or exists (
  select from app_public.patients
  join app_public.consents
    on consents.organization_id = patients.organization_id
    and consents.patient_profile_id = patients.patient_profile_id
    and consents.purpose_code = 'marketing_' || may_contact.channel
  join app_public.consent_purpose_versions as given
    on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
  where patients.organization_id = may_contact.organization_id
    and patients.patient_profile_id = may_contact.patient_profile_id
    and patients.deleted_at is null
    and app_private.consent_stands(
      consents, given, app_private.current_consent_version(may_contact.organization_id, consents.purpose_code)));

comment on function app_private.may_contact is
  'Whether the clinic may tell this person something of this kind over this channel. Marketing: with the consent for it.';
grant execute on function app_private.may_contact to app_engine;
-- end of source: functions/notify/may_contact.sql

-- source: functions/consents/add_consent.sql
-- Writes an answer into the ledger and tells of it: every way to consent or refuse ends here. FND-16, FND-14.

create or replace function app_private.add_consent(consent app_public.consents) returns app_public.consents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions;
  v_consent app_public.consents := consent;
begin
  select versions.* into strict v_version
  from app_public.consent_purpose_versions as versions where versions.id = consent.purpose_version_id;

  insert into app_public.consents (
    organization_id, patient_profile_id, human_id, purpose_code, version_scope_id, purpose_version_id, legal_basis, decision,
    source, source_form_id, decided_by, caregiver_id, relationship, evidence, evidence_hash, emergency_reason, holds_until,
    decided_at)
  select consent.organization_id, consent.patient_profile_id, consent.human_id, v_version.purpose_code, v_version.scope_id,
    v_version.id, consent_purposes.legal_basis, consent.decision, consent.source, consent.source_form_id, consent.decided_by,
    consent.caregiver_id,
    (select caregivers.relationship from app_public.caregivers where caregivers.id = consent.caregiver_id),
    consent.evidence, consent.evidence_hash, consent.emergency_reason, consent.holds_until,
    coalesce(consent.decided_at, app_hidden.now())
  from app_public.consent_purposes
  where consent_purposes.scope_id = v_version.purpose_scope_id and consent_purposes.code = v_version.purpose_code
  returning * into strict v_consent;

  perform app_private.publish_consent_event(v_consent);
  return v_consent;
end;
$$;

comment on function app_private.add_consent is
  'Writes an answer, its purpose, basis and relationship looked up, and publishes consent.granted or consent.refused.';
grant execute on function app_private.add_consent to app_engine;

create or replace function app_private.publish_consent_event(consent app_public.consents) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.publish(
    case
      when (consent).withdrawn_at is not null then 'consent.withdrawn'
      when (consent).decision = 'granted' then 'consent.granted'
      else 'consent.refused'
    end,
    (consent).organization_id, (consent).id,
    jsonb_strip_nulls(jsonb_build_object(
      'consentId', (consent).id,
      'purposeVersionId', (consent).purpose_version_id,
      'patientId', (
        select patients.id from app_public.patients
        where patients.organization_id = (consent).organization_id and patients.patient_profile_id = (consent).patient_profile_id),
      'humanId', (consent).human_id,
      'withdrawnAt', (consent).withdrawn_at)))
$$;

comment on function app_private.publish_consent_event is 'Publishes what just happened to a consent, as ids.';
grant execute on function app_private.publish_consent_event to app_engine;
-- end of source: functions/consents/add_consent.sql

-- source: functions/consents/consent_states.sql
-- Where a person stands with each purpose: the answer that counts, else the last one, else that none was given. FND-16.
-- Of a patient at a clinic, or of an account at the platform (organization_id and patient_profile_id null).

create or replace function app_private.consent_states(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  purposes text[] default null
) returns table (purpose_code text, state text, version_id uuid, consent_id uuid)
language sql stable
set search_path = ''
as $$
  select purpose.code,
    case
      when last.consent_id is null then 'never_given'
      when last.stands then 'granted'
      when last.decision = 'refused' then 'refused'
      when last.withdrawn_at is not null then 'withdrawn'
      else 'older_version'
    end,
    (asked.version).id,
    last.consent_id
  from app_public.consent_purposes as purpose
  -- "offset 0" keeps the planner from asking once for each column that is read.
  cross join lateral (
    select app_private.current_consent_version(consent_states.organization_id, purpose.code) as version offset 0
  ) as asked
  left join lateral (
    select consents.id as consent_id, consents.decision, consents.withdrawn_at,
      coalesce(app_private.consent_stands(consents, given, asked.version), false) as stands
    from app_public.consents
    join app_public.consent_purpose_versions as given
      on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
    where consents.purpose_code = purpose.code
      and case when consent_states.patient_profile_id is null
            then consents.human_id = consent_states.human_id
            else consents.organization_id = consent_states.organization_id
                 and consents.patient_profile_id = consent_states.patient_profile_id end
      -- What staff decided in an emergency says nothing about the person once it is over.
      and (consents.holds_until is null or consents.holds_until > app_hidden.now())
    -- A refusal takes nothing back that was granted.
    order by stands desc, consents.decision = 'granted' and consents.withdrawn_at is null desc, consents.decided_at desc, consents.id desc
    limit 1
  ) as last on true
  where purpose.scope_id in (consent_states.organization_id, '00000000-0000-0000-0000-000000000000')
    and purpose.scope = case when consent_states.patient_profile_id is null then 'platform' else 'organization' end
    and (purposes is null or purpose.code = any (purposes))
$$;

comment on function app_private.consent_states is
  'Each purpose with granted, older_version, withdrawn, refused or never_given, the version that is asked for now, and the answer that says so.';
grant execute on function app_private.consent_states to app_engine;
-- end of source: functions/consents/consent_states.sql

-- source: functions/consents/consent_overview.sql
-- Every purpose with where somebody stands, as people are shown it. FND-16, CNS-09. What must be accepted (again) is marked:
-- the same rows answer that.

create or replace function app_private.consent_overview(organization_id uuid, patient_profile_id uuid, human_id uuid)
returns setof app_public.consent_state
language sql stable
set search_path = ''
as $$
  select row(consent_overview.organization_id, consent_overview.patient_profile_id, purpose.code, purpose.name, purpose.name_ro,
    purpose.needed_for, purpose.needed_for_ro, purpose.scope, purpose.legal_basis, purpose.is_withdrawable, purpose.is_medical,
    purpose.on_withdrawal, states.state, coalesce(versions.is_required, false),
    versions.id is not null and (states.state = 'older_version' or (versions.is_required and states.state <> 'granted')),
    states.version_id, states.consent_id)::app_public.consent_state
  from app_private.consent_states(consent_overview.organization_id, consent_overview.patient_profile_id, consent_overview.human_id) as states
  join app_public.consent_purposes as purpose
    on purpose.scope_id in (consent_overview.organization_id, '00000000-0000-0000-0000-000000000000') and purpose.code = states.purpose_code
  left join app_public.consent_purpose_versions as versions on versions.id = states.version_id
  order by purpose.is_medical, purpose.code
$$;

comment on function app_private.consent_overview is
  'Every purpose that a patient, or an account, is asked for, with its state and what depends on it.';
grant execute on function app_private.consent_overview to app_engine;
-- end of source: functions/consents/consent_overview.sql

-- source: functions/consents/my_consents.sql
-- Where the caller stands: at the platform with their account, at each clinic for themselves and for whom they care. FND-16,
-- CNS-09.

set role app_engine;

create or replace function app_public.my_consents(organization_id uuid default null, patient_profile_id uuid default null)
returns setof app_public.consent_state
language sql stable security definer
set search_path = ''
as $$
  select overview.*
  from (
    select null::uuid as organization_id, null::uuid as patient_profile_id, app_hidden.current_account_id() as human_id
    where my_consents.patient_profile_id is null and app_hidden.current_account_id() is not null
    union all
    select patients.organization_id, patients.patient_profile_id, null
    from app_public.patients
    where patients.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
      and patients.organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
      and patients.deleted_at is null
      and (my_consents.organization_id is null or patients.organization_id = my_consents.organization_id)
      and (my_consents.patient_profile_id is null or patients.patient_profile_id = my_consents.patient_profile_id)
  ) as subject
  cross join lateral app_private.consent_overview(subject.organization_id, subject.patient_profile_id, subject.human_id) as overview
  order by overview.organization_id nulls first, overview.patient_profile_id, overview.is_medical, overview.purpose_code
$$;

comment on function app_public.my_consents is
  E'@arg organizationId Only this clinic, beside the platform.\n'
  '@arg patientProfileId Only this person, and not the account.\n'
  'Every purpose at the platform and at the caller''s clinics, with its state, the words that count, and what depends on it; also of '
  'those they care for. mustAccept marks what is to be accepted, or accepted again.';
grant execute on function app_public.my_consents to app_member;

reset role;
-- end of source: functions/consents/my_consents.sql

-- source: functions/consents/patient_consents.sql
-- Where a patient stands, for staff of the clinic. FND-16, CNS-09.

set role app_engine;

create or replace function app_public.patient_consents(organization_id uuid, patient_id uuid) returns setof app_public.consent_state
language sql stable strict security definer
set search_path = ''
as $$
  select overview.*
  from app_public.patients
  cross join lateral app_private.consent_overview(patients.organization_id, patients.patient_profile_id, null) as overview
  where patients.organization_id = patient_consents.organization_id
    and patients.id = patient_consents.patient_id
    and patients.deleted_at is null
    and app_hidden.has_permission(patients.organization_id, 'patients.view')
$$;

comment on function app_public.patient_consents is
  'Every purpose of the clinic with where a patient stands. Needs patients.view; nothing for others.';
grant execute on function app_public.patient_consents to app_member;

reset role;
-- end of source: functions/consents/patient_consents.sql

-- source: functions/consents/consent_trail.sql
-- The trail: each answer with who gave it, for whom, how, in which words, and when it was withdrawn and by whom. FND-16,
-- FND-31, CNS-09. For the HTTP paths, which say all of it in one answer; GraphQL has the same as Consent.

create or replace function app_private.consent_entries(consent_ids uuid[]) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', consents.id,
      'organization_id', consents.organization_id,
      'clinic_name', organizations.name,
      'patient_profile_id', consents.patient_profile_id,
      'purpose_code', consents.purpose_code,
      'purpose_version_id', consents.purpose_version_id,
      'version', versions.number,
      'title_ro', versions.title_ro,
      'title_en', versions.title_en,
      'legal_basis', consents.legal_basis,
      'decision', consents.decision,
      'source', consents.source,
      'source_form_id', consents.source_form_id,
      'decided_at', consents.decided_at,
      'decided_by_name', decider.display_name,
      'relationship', consents.relationship,
      'evidence', consents.evidence,
      'emergency_reason', consents.emergency_reason,
      'holds_until', consents.holds_until,
      'withdrawn_at', consents.withdrawn_at,
      'withdrawn_by_name', withdrawer.display_name)
    order by consents.decided_at desc, consents.id desc), '[]')
  from app_public.consents
  join app_public.consent_purpose_versions as versions
    on versions.scope_id = consents.version_scope_id and versions.id = consents.purpose_version_id
  left join app_public.organizations on organizations.id = consents.organization_id
  left join app_public.humans as decider on decider.principal_id = consents.decided_by
  left join app_public.humans as withdrawer on withdrawer.principal_id = consents.withdrawn_by
  where consents.id = any (consent_entries.consent_ids)
$$;

comment on function app_private.consent_entries is 'These answers as people read them, newest first.';
grant execute on function app_private.consent_entries to app_engine;

set role app_engine;

create or replace function app_hidden.my_consent_trail() returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'consents', (select coalesce(jsonb_agg(to_jsonb(mine)), '[]') from app_public.my_consents() as mine),
    'trail', app_private.consent_entries(array(
      select consents.id from app_public.consents
      where consents.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
         or consents.human_id = (select app_hidden.current_account_id()))))
$$;

comment on function app_hidden.my_consent_trail is
  'What the caller, and those they care for, are asked to accept, and every answer that they gave, also at clinics that they left.';
grant execute on function app_hidden.my_consent_trail to app_member;

create or replace function app_hidden.patient_consent_trail(organization_id uuid, patient_id uuid) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = patient_consent_trail.organization_id
    and patients.id = patient_consent_trail.patient_id
    and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform audit.record_read(
    v_patient.organization_id, 'app_public.consents', null, 'consents', v_patient.patient_profile_id);
  return jsonb_build_object(
    'consents', (
      select coalesce(jsonb_agg(to_jsonb(theirs)), '[]')
      from app_public.patient_consents(v_patient.organization_id, v_patient.id) as theirs),
    'trail', app_private.consent_entries(array(
      select consents.id from app_public.consents
      where consents.organization_id = v_patient.organization_id
        and consents.patient_profile_id = v_patient.patient_profile_id)));
end;
$$;

comment on function app_hidden.patient_consent_trail is
  'The same of a patient, for staff with patients.view; the reading is on record.';
grant execute on function app_hidden.patient_consent_trail to app_member;

reset role;
-- end of source: functions/consents/consent_trail.sql

-- source: functions/consents/consents_decided_by_name.sql
-- Who answered and who withdrew, by name, for whoever may see the row: the account itself may be hidden from them. CNS-09.

-- A row that comes as an argument may be made up: only its id is taken, and read again with the caller's rights.
create or replace function app_private.consent_for_caller(consent_id uuid) returns app_public.consents
language sql stable
set search_path = ''
begin atomic
  select consents
  from app_public.consents
  where consents.id = consent_for_caller.consent_id
    and (consents.human_id = app_hidden.current_account_id()
         or consents.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
         or consents.organization_id = any (app_hidden.organization_ids_where('patients.view')));
end;

comment on function app_private.consent_for_caller is 'The consent of this id, where the caller may see it; null otherwise.';
grant execute on function app_private.consent_for_caller to app_engine;

set role app_engine;

create or replace function app_public.consents_decided_by_name(consent app_public.consents) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select humans.display_name
  from app_public.humans
  where humans.principal_id = (select consents.decided_by from app_private.consent_for_caller((consent).id) as consents);
end;

comment on function app_public.consents_decided_by_name is
  E'@nullable\nWho answered or recorded the answer, by name; null for a link or a kiosk.';
grant execute on function app_public.consents_decided_by_name to app_member;

create or replace function app_public.consents_withdrawn_by_name(consent app_public.consents) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select humans.display_name
  from app_public.humans
  where humans.principal_id = (select consents.withdrawn_by from app_private.consent_for_caller((consent).id) as consents);
end;

comment on function app_public.consents_withdrawn_by_name is E'@nullable\nWho withdrew it, by name; null while it stands.';
grant execute on function app_public.consents_withdrawn_by_name to app_member;

reset role;
-- end of source: functions/consents/consents_decided_by_name.sql

-- source: functions/consents/remove_who_withdrew.sql
-- Who withdrew the terms of a clinic is no patient there any more: what is to come is cancelled, so that its time is free
-- and those concerned are told, then the record goes with what hangs on it. It comes back when the person does. FND-18, FND-10.

create or replace function app_private.remove_who_withdrew(patient app_public.patients) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.move_appointment(appointments.id, 'cancelled')
  from app_public.appointments
  where appointments.organization_id = patient.organization_id
    and appointments.patient_profile_id = patient.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.ends_at > app_hidden.now()
    and appointments.deleted_at is null;
  perform app_private.mark_deleted('app_public.patients', patient.id, app_hidden.now());
end;
$$;

comment on function app_private.remove_who_withdrew is
  'Cancels a patient''s appointments to come and removes the record, with what goes along; the caller has locked both.';
grant execute on function app_private.remove_who_withdrew to app_engine;

create or replace function app_private.ask_for_erasure(human_id uuid, cause text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into app_public.erasure_requests (human_id, cause)
  values (ask_for_erasure.human_id, ask_for_erasure.cause)
  on conflict on constraint erasure_requests_are_made_once do nothing
  returning erasure_requests.id into v_id;
  if found then
    perform app_private.publish(
      'erasure.requested', null, v_id, jsonb_build_object('erasureRequestId', v_id, 'humanId', ask_for_erasure.human_id));
  end if;
end;
$$;

comment on function app_private.ask_for_erasure is 'Records that the erasure of an account is asked for, once, and tells of it.';
grant execute on function app_private.ask_for_erasure to app_engine;
-- end of source: functions/consents/remove_who_withdrew.sql

-- source: functions/consents/withdraw_standing.sql
-- Every withdrawal is this one: what is to be withdrawn is found in the statement that withdraws it, all versions at once.
-- The caller has locked the patient or the account, so that nothing is granted or relied on meanwhile. CNS-03, FND-17.

create or replace function app_private.withdraw_standing(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  purpose text
) returns setof app_public.consents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_consent app_public.consents;
begin
  for v_consent in
    update app_public.consents set
      withdrawn_at = app_hidden.now(),
      withdrawn_by = app_private.current_actor_id()
    where case when withdraw_standing.patient_profile_id is null
            then consents.human_id = withdraw_standing.human_id
            else consents.organization_id = withdraw_standing.organization_id
                 and consents.patient_profile_id = withdraw_standing.patient_profile_id end
      and case when withdraw_standing.purpose is null
            then exists (
              select from app_public.consent_purposes
              where consent_purposes.scope_id in (withdraw_standing.organization_id, '00000000-0000-0000-0000-000000000000')
                and consent_purposes.code = consents.purpose_code
                and consent_purposes.is_medical)
            else consents.purpose_code = withdraw_standing.purpose end
      and consents.decision = 'granted'
      and consents.withdrawn_at is null
    returning consents.*
  loop
    perform app_private.publish_consent_event(v_consent);
    return next v_consent;
  end loop;
end;
$$;

comment on function app_private.withdraw_standing is
  'Withdraws all grants of a purpose (null: of all that are medical) that a patient, or an account, has not withdrawn, and tells of each.';
grant execute on function app_private.withdraw_standing to app_engine;
-- end of source: functions/consents/withdraw_standing.sql

-- source: functions/consents/withdraw_consent.sql
-- One call, without a reason: by the person, by somebody who cares for them, or recorded by staff whom they told. Refused
-- only where the ground is no consent or contract that ends by it. CNS-03, FND-16, FND-18.
-- Locks: the clinic's people where the patient goes, then the patient, as remove_patient() does. Whatever relies on the
-- consent holds the patient for share, so it is waited for.

set role app_engine;

create or replace function app_public.withdraw_consent(purpose text, patient_id uuid default null)
returns setof app_public.consents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_purpose app_public.consent_purposes;
  v_account_id uuid;
begin
  if patient_id is null then
    v_account_id := app_private.lock_account();
  else
    v_patient := app_private.require_to_withdraw(patient_id);
  end if;
  select consent_purposes.* into v_purpose
  from app_public.consent_purposes
  where consent_purposes.scope_id in (v_patient.organization_id, '00000000-0000-0000-0000-000000000000')
    and consent_purposes.code = purpose
    and consent_purposes.scope = case when patient_id is null then 'platform' else 'organization' end;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', left(purpose, 63)));
  elsif not v_purpose.is_withdrawable then
    perform app_hidden.refuse(
      'STATE', 'consent_not_withdrawable', jsonb_build_object('purpose', v_purpose.code, 'legalBasis', v_purpose.legal_basis));
  end if;

  if patient_id is not null then
    if v_purpose.on_withdrawal = 'removal' then
      perform app_private.lock_people(v_patient.organization_id);
    end if;
    -- Whoever was removed from the clinic withdraws as well.
    perform from app_public.patients where patients.id = v_patient.id for no key update;
  end if;
  return query select * from app_private.withdraw_standing(
    v_patient.organization_id, v_patient.patient_profile_id, v_account_id, v_purpose.code);
  if not found then
    return;
  end if;
  case v_purpose.on_withdrawal
    when 'removal' then perform app_private.remove_who_withdrew(v_patient);
    when 'erasure' then perform app_private.ask_for_erasure(v_account_id, 'platform_terms_withdrawn');
    else
  end case;
end;
$$;

comment on function app_public.withdraw_consent is
  E'@arg purpose What is withdrawn, by the code of ConsentPurpose.\n'
  '@arg patientId The patient of the clinic it was given to; without one, it was given to the platform.\n'
  'Withdraws all that was granted for a purpose, and answers it; nothing where nothing stands. org_terms: the person is no '
  'patient of the clinic any more, and appointments to come are cancelled. platform_terms: the erasure of the account is asked for. STATE '
  'consent_not_withdrawable names the legal basis.';
grant execute on function app_public.withdraw_consent to app_member;

create or replace function app_public.withdraw_medical_consents(patient_id uuid) returns setof app_public.consents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.require_to_withdraw(patient_id);
begin
  perform from app_public.patients where patients.id = v_patient.id for no key update;
  return query select * from app_private.withdraw_standing(v_patient.organization_id, v_patient.patient_profile_id, null, null);
end;
$$;

comment on function app_public.withdraw_medical_consents is
  'Withdraws all that a patient granted about treatment, and answers it. What is not about treatment stands.';
grant execute on function app_public.withdraw_medical_consents to app_member;

reset role;

create or replace function app_private.require_to_withdraw(patient_id uuid) returns app_public.patients
language plpgsql stable
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient from app_public.patients where patients.id = require_to_withdraw.patient_id;
  if (v_patient.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())) is not true then
    perform app_private.require_permission(v_patient.organization_id, 'consents.record');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.require_to_withdraw is
  'The patient, for the person, somebody who cares for them, and staff with consents.record; NOT_FOUND or FORBIDDEN for others.';
grant execute on function app_private.require_to_withdraw to app_engine;

create or replace function app_private.lock_account() returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid;
begin
  select humans.principal_id into v_id
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id()
  for no key update;
  if not found then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_signed_in');
  end if;
  return v_id;
end;
$$;

comment on function app_private.lock_account is 'The caller''s account, locked for whoever writes about its consents; UNAUTHENTICATED otherwise.';
grant execute on function app_private.lock_account to app_engine;
-- end of source: functions/consents/withdraw_consent.sql

-- source: functions/consents/give_consent.sql
-- A person accepts words that they were shown: those that count now, for themselves or for whom they care. Treatment takes a
-- signed form. Two at once: the second finds what the first gave. FND-16, CNS-01.

set role app_engine;

create or replace function app_public.give_consent(purpose_version_id uuid, patient_id uuid default null)
returns app_public.consents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_consent app_public.consents;
  v_patient app_public.patients;
begin
  v_consent.decision := 'granted';
  v_consent.source := 'self';
  v_consent.purpose_version_id := give_consent.purpose_version_id;
  v_consent.decided_by := app_hidden.current_account_id();
  if patient_id is null then
    v_consent.human_id := app_private.lock_account();
  else
    select patients.* into v_patient
    from app_public.patients
    where patients.id = give_consent.patient_id
      and patients.deleted_at is null
      and patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    for no key update;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
    end if;
    v_consent.organization_id := v_patient.organization_id;
    v_consent.patient_profile_id := v_patient.patient_profile_id;
    -- Whoever is not the person acts by a link that stands, which is how they came here.
    select caregivers.id into v_consent.caregiver_id
    from app_public.caregivers
    join app_public.patient_profiles on patient_profiles.id = caregivers.patient_profile_id
    where caregivers.patient_profile_id = v_patient.patient_profile_id
      and caregivers.human_id = v_consent.decided_by
      and caregivers.revoked_at is null
      and patient_profiles.human_id is distinct from v_consent.decided_by;
  end if;

  if (app_private.require_current_version(v_consent)).is_medical then
    perform app_hidden.refuse('STATE', 'consent_needs_form');
  end if;
  return coalesce(app_private.standing_answer(v_consent), app_private.add_consent(v_consent));
end;
$$;

comment on function app_public.give_consent is
  E'@arg purposeVersionId The words that were shown, by the id of ConsentPurposeVersion.\n'
  '@arg patientId The patient of the clinic it is given to; without one, it is given to the platform.\n'
  'Accepts the words of a purpose, for oneself or for whom one cares; what stands already is answered as it is. CONFLICT '
  'consent_version_outdated when newer words count; STATE consent_needs_form for treatment.';
grant execute on function app_public.give_consent to app_member;

reset role;

create or replace function app_private.require_current_version(consent app_public.consents) returns app_public.consent_purposes
language plpgsql stable
set search_path = ''
as $$
declare
  v_purpose app_public.consent_purposes;
  v_current_id uuid;
begin
  select consent_purposes.* into v_purpose
  from app_public.consent_purpose_versions as versions
  join app_public.consent_purposes
    on consent_purposes.scope_id = versions.purpose_scope_id and consent_purposes.code = versions.purpose_code
  where versions.id = consent.purpose_version_id
    and versions.scope_id in (consent.organization_id, '00000000-0000-0000-0000-000000000000')
    and consent_purposes.scope = case when consent.organization_id is null then 'platform' else 'organization' end;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found');
  end if;
  v_current_id := (app_private.current_consent_version(consent.organization_id, v_purpose.code)).id;
  if consent.purpose_version_id is distinct from v_current_id then
    perform app_hidden.refuse('CONFLICT', 'consent_version_outdated', jsonb_build_object('versionId', v_current_id));
  end if;
  return v_purpose;
end;
$$;

comment on function app_private.require_current_version is
  'The purpose of the version that is answered; NOT_FOUND when it is not the clinic''s or the platform''s, CONFLICT when it counts no more.';
grant execute on function app_private.require_current_version to app_engine;

create or replace function app_private.standing_answer(consent app_public.consents) returns app_public.consents
language sql stable
set search_path = ''
begin atomic
  select standing
  from app_public.consents as standing
  where standing.organization_id is not distinct from consent.organization_id
    and standing.patient_profile_id is not distinct from consent.patient_profile_id
    and standing.human_id is not distinct from consent.human_id
    and standing.purpose_version_id = consent.purpose_version_id
    and standing.decision = 'granted'
    and standing.withdrawn_at is null
    and standing.holds_until is null
  order by standing.decided_at
  limit 1;
end;

comment on function app_private.standing_answer is 'The grant of the same version that stands already; null where there is none.';
grant execute on function app_private.standing_answer to app_engine;
-- end of source: functions/consents/give_consent.sql

-- source: functions/consents/lock_consents.sql
-- Whoever writes about the consents of a patient does so alone, and before anybody who relies on them goes on: the gate
-- takes this row for share. FND-17.

create or replace function app_private.lock_consents(organization_id uuid, patient_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = lock_consents.organization_id
    and patients.id = lock_consents.patient_id
    and patients.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.lock_consents is 'The patient, locked for whoever writes about their consents; NOT_FOUND patient_not_found.';
grant execute on function app_private.lock_consents to app_engine;
-- end of source: functions/consents/lock_consents.sql

-- source: functions/consents/require_representative.sql
-- Who may answer about treatment: a patient of age for themselves, for a minor a parent or guardian, for an adult who
-- cannot a guardian. Of whom nobody knows the birth date is taken to be of age. CNS-01, FND-07; ages are in legal_ages.

create or replace function app_private.require_representative(patient_profile_id uuid, caregiver_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_years int;
  v_is_minor boolean;
begin
  select legal_ages.years, coalesce((patient_profiles.birth_date + make_interval(years => legal_ages.years))::date > v_today, false)
  into strict v_years, v_is_minor
  from app_private.legal_ages
  cross join app_public.patient_profiles
  where legal_ages.rule = 'medical_consent' and patient_profiles.id = require_representative.patient_profile_id;

  if caregiver_id is null then
    if v_is_minor then
      perform app_hidden.refuse('FORBIDDEN', 'representative_needed', jsonb_build_object('years', v_years));
    end if;
    return;
  end if;
  if not exists (
    select from app_public.caregivers
    where caregivers.id = require_representative.caregiver_id
      and caregivers.relationship in ('guardian', case when v_is_minor then 'parent' end)
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'representative_may_not');
  end if;
end;
$$;

comment on function app_private.require_representative is
  'FORBIDDEN representative_needed for a minor alone, FORBIDDEN representative_may_not for somebody who is neither a guardian nor a minor''s parent.';
grant execute on function app_private.require_representative to app_engine;

create or replace function app_private.require_caregiver(patient_profile_id uuid, caregiver_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if caregiver_id is not null and not exists (
    select from app_public.caregivers
    where caregivers.id = require_caregiver.caregiver_id
      and caregivers.patient_profile_id = require_caregiver.patient_profile_id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'caregiver_not_found');
  end if;
end;
$$;

comment on function app_private.require_caregiver is 'NOT_FOUND caregiver_not_found for a link that is not this patient''s, or is over.';
grant execute on function app_private.require_caregiver to app_engine;
-- end of source: functions/consents/require_representative.sql

-- source: functions/consents/require_declared_purposes.sql
-- What a form may declare that its signature consents to: versions of the clinic or of the platform, given to a clinic.
-- CNS-01, FRM-02.

create or replace function app_private.require_declared_purposes(organization_id uuid, purpose_version_ids uuid[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_unknown uuid;
begin
  select declared.id into v_unknown
  from unnest(purpose_version_ids) as declared (id)
  where not exists (
    select from app_public.consent_purpose_versions as versions
    join app_public.consent_purposes
      on consent_purposes.scope_id = versions.purpose_scope_id and consent_purposes.code = versions.purpose_code
    where versions.id = declared.id
      and versions.scope_id in (require_declared_purposes.organization_id, '00000000-0000-0000-0000-000000000000')
      and consent_purposes.scope = 'organization')
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'consent_version_unknown', jsonb_build_object('field', 'purposeVersionIds', 'versionId', v_unknown));
  end if;
end;
$$;

comment on function app_private.require_declared_purposes is
  'VALIDATION consent_version_unknown for a version that is not there, another clinic''s, or one that is given to the platform.';
grant execute on function app_private.require_declared_purposes to app_engine;
-- end of source: functions/consents/require_declared_purposes.sql

-- source: functions/consents/grant_by_form.sql
-- A form was signed, or its signature was refused: one row of the ledger for each version that it declares, in the
-- transaction of the signature. CNS-02. The form stays on the words that it showed; whether those still count, the gate says.

create or replace function app_private.grant_by_form(
  organization_id uuid,
  patient_id uuid,
  form_id uuid,
  purpose_version_ids uuid[],
  decision text,
  evidence_hash bytea,
  decided_by uuid,
  caregiver_id uuid,
  decided_at timestamptz
) returns setof app_public.consents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.lock_consents(organization_id, patient_id);
  v_version_id uuid;
  v_consent app_public.consents;
begin
  perform app_private.require_declared_purposes(organization_id, purpose_version_ids);
  perform app_private.require_caregiver(v_patient.patient_profile_id, caregiver_id);
  if decision = 'granted' and exists (
    select from app_public.consent_purpose_versions as versions
    join app_public.consent_purposes
      on consent_purposes.scope_id = versions.purpose_scope_id and consent_purposes.code = versions.purpose_code
    where versions.id = any (purpose_version_ids) and consent_purposes.is_medical
  ) then
    perform app_private.require_representative(v_patient.patient_profile_id, caregiver_id);
  end if;

  for v_version_id in select distinct declared from unnest(purpose_version_ids) as declared order by declared loop
    v_consent := null;
    v_consent.organization_id := grant_by_form.organization_id;
    v_consent.patient_profile_id := v_patient.patient_profile_id;
    v_consent.purpose_version_id := v_version_id;
    v_consent.decision := grant_by_form.decision;
    v_consent.source := 'form';
    v_consent.source_form_id := grant_by_form.form_id;
    v_consent.evidence_hash := grant_by_form.evidence_hash;
    v_consent.decided_by := grant_by_form.decided_by;
    v_consent.caregiver_id := grant_by_form.caregiver_id;
    v_consent.decided_at := grant_by_form.decided_at;
    return next app_private.add_consent(v_consent);
  end loop;
end;
$$;

comment on function app_private.grant_by_form is
  'Writes what the signature of a form says about each version that it declares: one row a version. FORBIDDEN representative_needed '
  'for a minor''s treatment.';
grant execute on function app_private.grant_by_form to app_engine;
-- end of source: functions/consents/grant_by_form.sql

-- source: functions/consents/hold_consent.sql
-- The gate without its refusal: whether the consent stands, and if so, that it goes on standing until the transaction ends.
-- FND-17, FND-15.
-- Two locks. The patient, for share, as bookings take it: withdrawals take it first, so whoever asks for several
-- purposes in any order meets them nowhere else. Then the row itself, for share: a withdrawal stamps it after us.

create or replace function app_private.hold_consent(organization_id uuid, patient_profile_id uuid, purpose text) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_asked app_public.consent_purpose_versions;
begin
  perform from app_public.patients
  where patients.organization_id = hold_consent.organization_id
    and patients.patient_profile_id = hold_consent.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    return false;
  end if;

  v_asked := app_private.current_consent_version(organization_id, purpose);
  perform from app_public.consents
  join app_public.consent_purpose_versions as given
    on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
  where consents.organization_id = hold_consent.organization_id
    and consents.patient_profile_id = hold_consent.patient_profile_id
    and consents.purpose_code = purpose
    and app_private.consent_stands(consents, given, v_asked)
  order by consents.decided_at desc
  limit 1
  for share of consents;
  return found;
end;
$$;

comment on function app_private.hold_consent is
  'Whether a patient''s consent to this purpose stands; locks it until the transaction ends, so that a withdrawal comes after.';
grant execute on function app_private.hold_consent to app_engine;
-- end of source: functions/consents/hold_consent.sql

-- source: functions/consents/messages_about_privacy_notice.sql
-- A clinic's privacy notice has new words: its patients who accepted earlier ones are told. FND-19, FND-15.

create or replace function app_private.messages_about_privacy_notice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  select array_agg(row(patients.patient_profile_id, null, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.patients
  where patients.organization_id = event.organization_id
    and patients.deleted_at is null
    and exists (
      select from app_public.consents
      where consents.organization_id = patients.organization_id
        and consents.patient_profile_id = patients.patient_profile_id
        and consents.purpose_code = 'privacy_notice'
        and consents.purpose_version_id <> event.subject_id
        and consents.decision = 'granted');
  if v_recipients is not null then
    perform app_private.notify_many(event.organization_id, 'privacy_notice_changed', v_recipients, event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_privacy_notice is
  'Queues what privacy_notice.published calls for: a note to each patient who accepted an earlier notice.';
grant execute on function app_private.messages_about_privacy_notice to app_engine;
-- end of source: functions/consents/messages_about_privacy_notice.sql

-- source: functions/consents/missing_consents.sql
-- What of these purposes a patient has not consented to, and why not; all at once, so that a refusal can list them. FND-17,
-- CNS-08. It locks nothing: what is to be written by a consent asks require_consent().

create or replace function app_private.missing_consents(organization_id uuid, patient_id uuid, purposes text[])
returns table (purpose text, version_id uuid, version int, reason text, is_medical boolean)
language sql stable
set search_path = ''
as $$
  select states.purpose_code, states.version_id, versions.number, states.state, consent_purposes.is_medical
  from app_public.patients
  cross join lateral app_private.consent_states(
    missing_consents.organization_id, patients.patient_profile_id, null, purposes) as states
  join app_public.consent_purposes
    on consent_purposes.scope_id in (missing_consents.organization_id, '00000000-0000-0000-0000-000000000000')
    and consent_purposes.code = states.purpose_code
  left join app_public.consent_purpose_versions as versions on versions.id = states.version_id
  where patients.organization_id = missing_consents.organization_id
    and patients.id = missing_consents.patient_id
    and states.state <> 'granted'
  order by states.purpose_code
$$;

comment on function app_private.missing_consents is
  'Which of these purposes (null: of all) a patient has no standing consent to: never_given, withdrawn, older_version or refused.';
grant execute on function app_private.missing_consents to app_engine;
-- end of source: functions/consents/missing_consents.sql

-- source: functions/consents/publish_consent_version.sql
-- A clinic writes words of its own: of a treatment that it defines by them, or instead of the platform's. The same words make
-- no version. Of two at once the second gets the next number. FND-16, CNS-01.

set role app_engine;

create or replace function app_public.publish_consent_version(
  organization_id uuid,
  purpose text,
  title_ro text,
  body_ro text,
  title_en text default null,
  body_en text default null,
  asks_again boolean default true,
  in_force_from timestamptz default null
) returns app_public.consent_purpose_versions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions;
begin
  perform app_private.require_permission(organization_id, 'consent_texts.manage');
  if purpose = 'privacy_notice' then
    perform app_hidden.refuse('VALIDATION', 'notice_has_a_template', '{"field": "purpose"}');
  end if;
  v_version.organization_id := publish_consent_version.organization_id;
  v_version.purpose_code := purpose;
  v_version.title_ro := btrim(publish_consent_version.title_ro);
  v_version.body_ro := publish_consent_version.body_ro;
  v_version.title_en := btrim(publish_consent_version.title_en);
  v_version.body_en := publish_consent_version.body_en;
  v_version.asks_again := publish_consent_version.asks_again;
  v_version.in_force_from := publish_consent_version.in_force_from;
  return app_private.add_consent_version(v_version);
end;
$$;

comment on function app_public.publish_consent_version is
  E'@arg purpose The code of ConsentPurpose; a new one begins with treatment_specific_.\n'
  '@arg titleRo The title, in Romanian.\n@arg titleEn The title, in English.\n'
  '@arg bodyRo The text, in Romanian.\n@arg bodyEn The text, in English.\n'
  '@arg asksAgain Whether those who accepted earlier words are asked again.\n'
  '@arg inForceFrom From when on it counts; now, where nothing is said.\n'
  'Publishes words of the clinic''s own for a purpose, which nobody can change; the same words again make no version. Needs consent_texts.manage.';
grant execute on function app_public.publish_consent_version to app_member;

reset role;

create or replace function app_private.add_consent_version(version app_public.consent_purpose_versions)
returns app_public.consent_purpose_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions := version;
  v_last app_public.consent_purpose_versions;
  v_platforms app_public.consent_purpose_versions;
begin
  perform pg_advisory_xact_lock(hashtextextended('consent_versions:' || v_version.organization_id, 0));
  if starts_with(v_version.purpose_code, 'treatment_specific_') then
    insert into app_public.consent_purposes
      (organization_id, code, scope, legal_basis, is_withdrawable, is_medical, name, name_ro, needed_for, needed_for_ro)
    values
      (v_version.organization_id, v_version.purpose_code, 'organization', 'consent', true, true,
       coalesce(v_version.title_en, v_version.title_ro), v_version.title_ro, 'This treatment.', 'Acest tratament.')
    on conflict on constraint consent_purposes_code_is_known_by_its_clinic do nothing;
  elsif not exists (
    select from app_public.consent_purposes
    where consent_purposes.organization_id is null
      and consent_purposes.code = v_version.purpose_code
      and consent_purposes.scope = 'organization'
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', left(v_version.purpose_code, 63)));
  end if;

  select versions.* into v_last
  from app_public.consent_purpose_versions as versions
  where versions.scope_id = v_version.organization_id and versions.purpose_code = v_version.purpose_code
  order by versions.number desc
  limit 1;
  if (v_last.title_ro, v_last.body_ro, v_last.title_en, v_last.body_en)
       is not distinct from (v_version.title_ro, v_version.body_ro, v_version.title_en, v_version.body_en) then
    return v_last;
  end if;
  if v_version.in_force_from < v_last.in_force_from or v_version.in_force_from < app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'consent_version_too_early', '{"field": "inForceFrom"}');
  end if;

  select versions.* into v_platforms from app_private.current_consent_version(null, v_version.purpose_code) as versions;
  insert into app_public.consent_purpose_versions (
    organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, title_en, body_ro, body_en,
    notice_template, notice_sections, published_by)
  values (
    v_version.organization_id, v_version.purpose_code, coalesce(v_last.number, 0) + 1,
    coalesce(v_version.is_required, v_platforms.is_required, false), v_last.id is null or v_version.asks_again,
    coalesce(v_version.in_force_from, greatest(app_hidden.now(), v_last.in_force_from)), v_version.title_ro, v_version.title_en,
    v_version.body_ro, v_version.body_en, v_version.notice_template, v_version.notice_sections, app_private.current_actor_id())
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_private.add_consent_version is
  'Writes the next version of a clinic''s words, and its purpose where that is a new treatment; the last version when the words are the same.';
grant execute on function app_private.add_consent_version to app_engine;
-- end of source: functions/consents/publish_consent_version.sql

-- source: functions/consents/publish_privacy_notice.sql
-- A clinic publishes its privacy notice: the newest template with the sections that it switches on, as words that nobody
-- changes afterwards. In production only what counsel has confirmed. A new version asks for acceptance again, or those who
-- accepted an earlier one are told of it. FND-19.

set role app_engine;

create or replace function app_public.publish_privacy_notice(organization_id uuid, sections text[], asks_again boolean)
returns app_public.consent_purpose_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.privacy_notice_templates;
  v_unknown text;
  v_version app_public.consent_purpose_versions;
  v_before bigint;
begin
  perform app_private.require_permission(organization_id, 'consent_texts.manage');
  select privacy_notice_templates.* into strict v_template
  from app_public.privacy_notice_templates
  order by privacy_notice_templates.version desc
  limit 1;
  -- The server says which mode it runs in; whoever does not say is taken to be in production.
  if v_template.readiness <> 'production_ready' and current_setting('app.mode', true) is distinct from 'embedded' then
    perform app_hidden.refuse('STATE', 'privacy_notice_is_draft', jsonb_build_object('version', v_template.version));
  end if;
  select chosen into v_unknown
  from unnest(sections) as chosen
  where not exists (
    select from app_public.privacy_notice_sections
    where privacy_notice_sections.template_version = v_template.version
      and privacy_notice_sections.key = chosen
      and privacy_notice_sections.is_optional)
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'notice_section_unknown', jsonb_build_object('field', 'sections', 'section', left(v_unknown, 63)));
  end if;

  v_version.organization_id := publish_privacy_notice.organization_id;
  v_version.purpose_code := 'privacy_notice';
  v_version.is_required := true;
  v_version.asks_again := publish_privacy_notice.asks_again;
  v_version.notice_template := v_template.version;
  v_version.notice_sections := array(select distinct chosen from unnest(sections) as chosen order by chosen);
  v_version.title_ro := v_template.title_ro;
  v_version.title_en := v_template.title_en;
  v_version.body_ro := app_private.notice_body(organization_id, v_template.version, sections, 'ro');
  v_version.body_en := app_private.notice_body(organization_id, v_template.version, sections, 'en');
  select coalesce(max(versions.number), 0) into v_before
  from app_public.consent_purpose_versions as versions
  where versions.organization_id = v_version.organization_id and versions.purpose_code = 'privacy_notice';
  v_version := app_private.add_consent_version(v_version);
  if v_version.number > v_before then
    perform app_private.publish(
      'privacy_notice.published', v_version.organization_id, v_version.id, jsonb_build_object('purposeVersionId', v_version.id));
  end if;
  return v_version;
end;
$$;

comment on function app_public.publish_privacy_notice is
  E'@arg sections The optional sections of the template that are switched on, by their keys.\n'
  '@arg asksAgain Whether those who accepted an earlier notice have to accept this one; they are told in any case.\n'
  'Publishes the clinic''s privacy notice from the newest template; the same words again make no version. Needs consent_texts.manage. STATE '
  'privacy_notice_is_draft in production while counsel has not confirmed the template.';
grant execute on function app_public.publish_privacy_notice to app_member;

reset role;

create or replace function app_private.notice_body(organization_id uuid, template_version int, sections text[], locale text)
returns text
language sql stable
set search_path = ''
begin atomic
  select replace(replace(replace(replace(
      string_agg(
        case notice_body.locale when 'ro' then part.title_ro || E'\n' || part.body_ro else part.title_en || E'\n' || part.body_en end,
        E'\n\n' order by part.position),
      '{{clinicName}}', organizations.name),
      '{{clinicAddress}}', concat_ws(', ', organizations.street, organizations.city)),
      '{{clinicEmail}}', coalesce(organizations.contact_email, '')),
      '{{clinicPhone}}', coalesce(organizations.contact_phone, ''))
  from app_public.organizations
  join app_public.privacy_notice_sections as part
    on part.template_version = notice_body.template_version
    and (not part.is_optional or part.key = any (notice_body.sections))
  where organizations.id = notice_body.organization_id
  group by organizations.id;
end;

comment on function app_private.notice_body is 'The text of a privacy notice: its sections under their headings, with the clinic''s own data.';
grant execute on function app_private.notice_body to app_engine;
-- end of source: functions/consents/publish_privacy_notice.sql

-- source: functions/consents/record_consent.sql
-- Staff write down what a patient said at the desk, and what they were shown for it: a grant, or a refusal. For a minor's
-- treatment they name the representative. FND-16, CNS-01.

set role app_engine;

create or replace function app_public.record_consent(
  organization_id uuid,
  patient_id uuid,
  purpose_version_id uuid,
  decision text,
  evidence text,
  caregiver_id uuid default null
) returns app_public.consents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_consent app_public.consents;
  v_is_medical boolean;
begin
  perform app_private.require_permission(organization_id, 'consents.record');
  v_patient := app_private.lock_consents(organization_id, patient_id);
  v_consent.organization_id := v_patient.organization_id;
  v_consent.patient_profile_id := v_patient.patient_profile_id;
  v_consent.purpose_version_id := record_consent.purpose_version_id;
  v_consent.decision := record_consent.decision;
  v_consent.source := 'staff';
  v_consent.decided_by := app_hidden.current_account_id();
  v_consent.caregiver_id := record_consent.caregiver_id;
  v_consent.evidence := record_consent.evidence;

  v_is_medical := (app_private.require_current_version(v_consent)).is_medical;
  perform app_private.require_caregiver(v_patient.patient_profile_id, caregiver_id);
  if decision = 'granted' and v_is_medical then
    perform app_private.require_representative(v_patient.patient_profile_id, caregiver_id);
  end if;
  -- Who granted something and refuses it now withdraws it, which is a call of its own.
  if decision = 'refused' and (app_private.standing_answer(v_consent)).id is not null then
    perform app_hidden.refuse('CONFLICT', 'consent_stands', '{"field": "decision"}');
  end if;
  return app_private.add_consent(v_consent);
end;
$$;

comment on function app_public.record_consent is
  E'@arg purposeVersionId The words that were answered, by the id of ConsentPurposeVersion.\n'
  '@arg decision What was answered.\n@words decision consents.decision\n'
  '@arg evidence What the patient showed or signed, such as a form on paper.\n'
  '@arg caregiverId The link of the representative who answered on behalf of the patient.\n'
  'Records what a patient accepted or refused, on evidence. Needs consents.record. CONFLICT consent_version_outdated, '
  'consent_stands; FORBIDDEN representative_needed for a minor''s treatment.';
grant execute on function app_public.record_consent to app_member;

create or replace function app_public.override_consent(organization_id uuid, patient_id uuid, purpose text, reason text)
returns app_public.consents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_consent app_public.consents;
begin
  perform app_private.require_permission(organization_id, 'consents.override');
  v_patient := app_private.lock_consents(organization_id, patient_id);
  v_consent.organization_id := v_patient.organization_id;
  v_consent.patient_profile_id := v_patient.patient_profile_id;
  v_consent.purpose_version_id := (app_private.current_consent_version(organization_id, purpose)).id;
  v_consent.decision := 'granted';
  v_consent.source := 'staff';
  v_consent.decided_by := app_hidden.current_account_id();
  v_consent.emergency_reason := app_private.require_reason(reason);
  v_consent.holds_until := app_hidden.now() + interval '24 hours';
  if not (app_private.require_current_version(v_consent)).is_medical then
    perform app_hidden.refuse('VALIDATION', 'consent_not_medical', '{"field": "purpose"}');
  end if;
  return app_private.add_consent(v_consent);
end;
$$;

comment on function app_public.override_consent is
  E'@arg purpose What is gone on with, by the code of ConsentPurpose.\n'
  '@arg reason What the emergency is; the patient reads it.\n'
  'Goes on without asking in an emergency: holds for 24 hours, for a purpose about treatment, and is on record with its reason. '
  'Needs consents.override.';
grant execute on function app_public.override_consent to app_member;

reset role;
-- end of source: functions/consents/record_consent.sql

-- source: functions/consents/require_consent.sql
-- The gate: every mutation that needs a consent calls it in its own transaction, before it writes. FND-17, CNS-08.

create or replace function app_private.require_consent(organization_id uuid, patient_id uuid, purpose text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_profile_id uuid;
begin
  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = require_consent.organization_id
    and patients.id = require_consent.patient_id
    and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  if not app_private.hold_consent(organization_id, v_profile_id, purpose) then
    perform app_private.refuse_without_consent(organization_id, patient_id, purpose);
  end if;
end;
$$;

comment on function app_private.require_consent is
  'Locks the consent that a patient gave to this purpose; CONSENT_REQUIRED consent_missing otherwise, with purpose and version.';
grant execute on function app_private.require_consent to app_engine;

create or replace function app_private.refuse_without_consent(organization_id uuid, patient_id uuid, purpose text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_missing jsonb;
begin
  select jsonb_build_object(
    'purpose', missing.purpose, 'version', missing.version, 'versionId', missing.version_id, 'why', missing.reason,
    'resolvedBy', case when missing.is_medical then 'form' else 'self' end)
  into v_missing
  from app_private.missing_consents(organization_id, patient_id, array[purpose]) as missing;
  if v_missing is null then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', purpose));
  end if;
  perform app_hidden.refuse('CONSENT_REQUIRED', 'consent_missing', v_missing);
end;
$$;

comment on function app_private.refuse_without_consent is
  'Refuses for a consent that is missing, naming purpose, version, why, and whether the person or a signed form resolves it.';
grant execute on function app_private.refuse_without_consent to app_engine;
-- end of source: functions/consents/require_consent.sql

-- source: functions/consents/tg_consent_purpose_versions__complete.sql
-- What a version says of itself, whoever writes it: the sum of its words, and from which version on an acceptance counts.
-- FND-16.

create or replace function app_private.tg_consent_purpose_versions__complete() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  new.content_hash := sha256(convert_to(jsonb_build_array(new.title_ro, new.body_ro, new.title_en, new.body_en)::text, 'UTF8'));
  new.accepts_from := new.number;
  if not new.asks_again then
    select versions.accepts_from into strict new.accepts_from
    from app_public.consent_purpose_versions as versions
    where versions.organization_id is not distinct from new.organization_id
      and versions.purpose_code = new.purpose_code
      and versions.number = new.number - 1;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_consent_purpose_versions__complete is
  'Fills content_hash and accepts_from of a version. Trigger _200_complete.';

create or replace trigger _200_complete before insert on app_public.consent_purpose_versions
  for each row execute function app_private.tg_consent_purpose_versions__complete();
-- end of source: functions/consents/tg_consent_purpose_versions__complete.sql

-- source: functions/consents/tg_consent_purpose_versions__refuse_change.sql
-- What somebody accepted is not rewritten, by nobody. A row at a time, because the files of db/reference ask each time
-- whether a row is as they say. FND-16.

create or replace function app_private.tg_consent_purpose_versions__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'consent_version_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_consent_purpose_versions__refuse_change is 'Refuses update, delete and truncate of a version.';

create or replace trigger _200_refuse_change before update or delete on app_public.consent_purpose_versions
  for each row execute function app_private.tg_consent_purpose_versions__refuse_change();
create or replace trigger _200_refuse_truncate before truncate on app_public.consent_purpose_versions
  for each statement execute function app_private.tg_consent_purpose_versions__refuse_change();
-- end of source: functions/consents/tg_consent_purpose_versions__refuse_change.sql

-- source: functions/consents/tg_consents__moved.sql
-- To another patient a consent goes only with a merge that is on record, or with its undoing. Asked at the end of the
-- transaction, when the merge has been written. FND-34, CNS-03.

set role app_engine;

create or replace function app_private.tg_consents__moved() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.patient_merges
    where patient_merges.organization_id = new.organization_id
      and (patient_merges.patient_profile_id, patient_merges.merged_profile_id, patient_merges.undone_at is null) in (
        (new.patient_profile_id, old.patient_profile_id, true), (old.patient_profile_id, new.patient_profile_id, false))
      and patient_merges.moved -> 'app_public.consents.patient_profile_id' @> jsonb_build_array(jsonb_build_object('id', new.id))
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  return null;
end;
$$;

comment on function app_private.tg_consents__moved is 'Refuses a consent that went to another patient without a merge. Trigger _900_moved.';

reset role;

do $once$
begin
  if not exists (
    select from pg_catalog.pg_trigger where tgrelid = 'app_public.consents'::regclass and tgname = '_900_moved') then
    create constraint trigger _900_moved after update on app_public.consents
      deferrable initially deferred
      for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
      execute function app_private.tg_consents__moved();
  end if;
end;
$once$;
-- end of source: functions/consents/tg_consents__moved.sql

-- source: functions/consents/tg_consents__refuse_change.sql
-- A row of the ledger is withdrawn once, and moves with a merge of two patients; nothing else of it changes, whoever writes.
-- A trigger runs once the row is locked, so the time of a withdrawal is after the end of everybody who held the row:
-- whatever was done by a consent was done before. CNS-03, FND-17.

create or replace function app_private.tg_consents__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and old.withdrawn_at is null and new.withdrawn_at is not null then
    -- Not the start of the transaction, which may be long before the lock.
    new.withdrawn_at := greatest(clock_timestamp(), app_hidden.now());
  elsif tg_op <> 'UPDATE' or (new.withdrawn_at, new.withdrawn_by) is distinct from (old.withdrawn_at, old.withdrawn_by) then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  if to_jsonb(new) - '{withdrawn_at,withdrawn_by,patient_profile_id}'::text[]
       is distinct from to_jsonb(old) - '{withdrawn_at,withdrawn_by,patient_profile_id}'::text[] then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_consents__refuse_change is
  'Refuses every change of a consent but its withdrawal, which it stamps, and the move of a merge. Triggers _200_refuse_….';

create or replace trigger _200_refuse_change before update on app_public.consents
  for each row execute function app_private.tg_consents__refuse_change();
create or replace trigger _200_refuse_removal before delete or truncate on app_public.consents
  for each statement execute function app_private.tg_consents__refuse_change();
-- end of source: functions/consents/tg_consents__refuse_change.sql

-- source: functions/core/tg_fixed_id.sql
-- Gives a row of the platform the id that it has on every server, made of the table and the columns that the trigger
-- names (a slug, a name): clinics point at such rows, and find them again where they move to. SCA-01, 0064.
-- UUID version 8 over SHA-256, as RFC 9562 shows; a version of its own, so that a constraint tells it from a random id.
-- A row whose slug changes keeps its id.

create or replace function app_private.tg_fixed_id() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.id := overlay(overlay(left(encode(sha256(convert_to(
    concat(tg_table_schema, '.', tg_table_name, '/',
           (select string_agg(to_jsonb(new) ->> named, '/' order by place) from unnest(tg_argv) with ordinality as part (named, place))),
    'UTF8')), 'hex'), 32) placing '8' from 13) placing '8' from 17);
  return new;
end;
$$;

comment on function app_private.tg_fixed_id is
  'Makes the id of a platform row out of its table and the columns named. Trigger _150_fixed_id.';
-- end of source: functions/core/tg_fixed_id.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  wait_until timestamptz,
  organization_id uuid,
  channel text,
  locale text,
  address text,
  account_id uuid,
  recipient_name text,
  title text,
  body text,
  content_sid text,
  content_variables text[],
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  expires_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = claim_message.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if v_message.expires_at <= app_hidden.now() then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  -- What marketing rests on is locked: a withdrawal that comes now comes after the message.
  if v_way.obstacle is null and exists (
       select from app_private.message_types
       join app_public.message_topics on message_topics.key = message_types.topic
       where message_types.key = v_message.template_key and message_topics.kind = 'marketing')
     and not app_private.hold_consent(
       v_message.organization_id, v_message.patient_profile_id, 'marketing_' || v_message.channel) then
    v_way.obstacle := 'consent_missing';
  end if;
  if v_way.is_reachable is not true or not v_way.is_wanted or v_way.obstacle is not null then
    perform app_private.end_message(
      v_message.id,
      case when v_way.obstacle in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed' else 'skipped' end,
      case
        when v_way.obstacle is not null then v_way.obstacle
        when v_way.is_reachable then 'switched_off'
        else 'unreachable'
      end);
    return;
  end if;

  if not v_message.is_urgent and v_way.not_before > app_hidden.now() then
    if v_way.not_before >= v_message.expires_at then
      perform app_private.end_message(v_message.id, 'skipped', 'expires_in_quiet_hours');
      return;
    end if;
    update app_public.messages set not_before = v_way.not_before where messages.id = v_message.id;
    perform graphile_worker.add_jobs(array[app_private.delivery_of(v_message.id, v_way.not_before)]);
    wait_until := v_way.not_before;
    return next;
    return;
  end if;

  select channels.per_person_and_day into v_cap
  from app_private.channels
  where channels.name = v_message.channel;
  if v_cap is not null then
    -- Two workers count one after the other, or both would take the last place. Each clinic counts its own: one that
    -- writes a lot does not silence another (FND-35).
    perform pg_advisory_xact_lock(hashtextextended(
      'cap:' || v_message.organization_id || ':' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.organization_id = v_message.organization_id
        and other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
    end if;
  end if;

  update app_public.messages
  set attempts = messages.attempts + 1, attempted_at = app_hidden.now()
  where messages.id = v_message.id;

  return query
  select
    null::timestamptz, v_message.organization_id, v_message.channel, v_message.locale, v_message.address,
    v_message.account_id, v_message.recipient_name,
    case when clinic_message_templates.id is null then message_templates.title else clinic_message_templates.title end,
    coalesce(clinic_message_templates.body, message_templates.body),
    whatsapp_templates.content_sid, whatsapp_templates.variables,
    v_message.data, message_types.calendar_status, v_message.calendar_uid, v_message.calendar_sequence,
    v_message.created_at, v_message.expires_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  join app_private.message_types on message_types.key = v_message.template_key
  join app_private.message_templates
    on message_templates.template_key = v_message.template_key
    and message_templates.channel = v_message.channel
    and message_templates.locale = v_message.locale
    and message_templates.version = v_message.template_version
  left join app_public.clinic_message_templates
    on clinic_message_templates.organization_id = v_message.organization_id
    and clinic_message_templates.id = v_message.clinic_template_id
  left join app_public.whatsapp_templates
    on v_message.channel = 'whatsapp'
    and whatsapp_templates.organization_id = v_message.organization_id
    and whatsapp_templates.template_key = v_message.template_key
    and whatsapp_templates.locale = v_message.locale
  where organizations.id = v_message.organization_id;
end;
$$;

comment on function app_private.claim_message is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

grant execute on function app_private.claim_message to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: policies/consents/consent_purpose_versions.sql
-- Read as the purposes are. Written by publish_consent_version(), publish_privacy_notice() and db/reference; changed by
-- nobody. FND-16, FND-19.

select app_private.classify('app_public.consent_purpose_versions', home => 'clinic', retention => 'ledger', classes =>
  '{"public": ["id", "organization_id", "scope_id", "purpose_code", "purpose_scope_id", "number", "is_required", "asks_again",
               "accepts_from", "in_force_from", "title_ro", "title_en", "body_ro", "body_en", "content_hash",
               "notice_template", "notice_sections"],
    "operational": ["published_by", "created_at"]}');
select app_private.protect('app_public.consent_purpose_versions', engine => 'select, insert');

grant select (id, organization_id, scope_id, purpose_code, purpose_scope_id, number, is_required, asks_again, accepts_from,
              in_force_from, title_ro, title_en, body_ro, body_en, notice_template, notice_sections, published_by, created_at)
   on app_public.consent_purpose_versions to app_member;

create policy consent_purpose_versions_select_everyone on app_public.consent_purpose_versions for select to app_member
  using (organization_id is null);

create policy consent_purpose_versions_select_staff on app_public.consent_purpose_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy consent_purpose_versions_select_patient on app_public.consent_purpose_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]));

create policy consent_purpose_versions_all_migrator on app_public.consent_purpose_versions for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _150_fixed_id before insert on app_public.consent_purpose_versions
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('purpose_code', 'number');
-- end of source: policies/consents/consent_purpose_versions.sql

-- source: policies/consents/consent_purposes.sql
-- The platform's purposes are everyone's to read; a clinic's own are its staff's and its patients'. Written by
-- publish_consent_version() and by db/reference. FND-16, CNS-01.

select app_private.classify('app_public.consent_purposes', home => 'clinic', retention => 'ledger', classes =>
  '{"public": ["id", "organization_id", "scope_id", "code", "scope", "legal_basis", "is_withdrawable", "is_medical",
               "on_withdrawal", "name", "name_ro", "needed_for", "needed_for_ro"],
    "operational": ["created_at"]}');
select app_private.protect('app_public.consent_purposes', engine => 'select, insert', facts => '{name name,name name_ro}');

grant select on app_public.consent_purposes to app_member;

create policy consent_purposes_select_everyone on app_public.consent_purposes for select to app_member
  using (organization_id is null);

create policy consent_purposes_select_staff on app_public.consent_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy consent_purposes_select_patient on app_public.consent_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]));

create policy consent_purposes_all_migrator on app_public.consent_purposes for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _150_fixed_id before insert on app_public.consent_purposes
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('code');
-- end of source: policies/consents/consent_purposes.sql

-- source: policies/consents/consents.sql
-- The person sees what they answered, also at a clinic that they left; staff with patients.view see their patients'. Written
-- by verbs only, withdrawn by verbs only, deleted by nobody. FND-16, CNS-03, CNS-09.

select app_private.classify('app_public.consents', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "organization_id", "version_scope_id", "source_form_id", "decided_by", "caregiver_id",
                    "evidence_hash", "holds_until", "decided_at", "created_at", "withdrawn_at", "withdrawn_by"],
    "phi": ["patient_profile_id", "human_id", "purpose_code", "purpose_version_id", "legal_basis", "decision", "source",
            "evidence", "emergency_reason"],
    "pii_basic": ["relationship"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.consents', 'patient_profile_id', 'moves');
select app_private.protect(
  'app_public.consents', engine => 'select, insert, update (withdrawn_at, withdrawn_by, patient_profile_id)');

grant select on app_public.consents to app_member;

create policy consents_select_staff on app_public.consents for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy consents_select_person on app_public.consents for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));

create policy consents_select_self on app_public.consents for select to app_member
  using (human_id = (select app_hidden.current_account_id()));
-- end of source: policies/consents/consents.sql

-- source: policies/consents/erasure_requests.sql
-- The person sees that they asked. Written by withdraw_consent(). FND-18.

select app_private.classify('app_public.erasure_requests', home => 'person', retention => 'ledger', classes =>
  '{"operational": ["id", "cause", "created_at"], "pii_basic": ["human_id"]}',
  person_column => 'human_id');
select app_private.protect('app_public.erasure_requests', engine => 'select, insert');

grant select on app_public.erasure_requests to app_member;

create policy erasure_requests_select_self on app_public.erasure_requests for select to app_member
  using (human_id = (select app_hidden.current_account_id()));
-- end of source: policies/consents/erasure_requests.sql

-- source: policies/consents/privacy_notice_sections.sql
-- Everybody who signs in may read what notices are made of; migrations write it. FND-19.

select app_private.classify('app_public.privacy_notice_sections', home => 'platform', retention => 'reference', classes =>
  '{"public": ["template_version", "key", "position", "is_optional", "title_ro", "title_en", "body_ro", "body_en"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.privacy_notice_sections', engine => 'select');

grant select on app_public.privacy_notice_sections to app_member;

create policy privacy_notice_sections_select_everyone on app_public.privacy_notice_sections for select to app_member
  using (true);
-- end of source: policies/consents/privacy_notice_sections.sql

-- source: policies/consents/privacy_notice_templates.sql
-- Everybody who signs in may read what notices are made of; migrations write it. FND-19.

select app_private.classify('app_public.privacy_notice_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["version", "readiness", "confirmed_by", "title_ro", "title_en"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.privacy_notice_templates', engine => 'select');

grant select on app_public.privacy_notice_templates to app_member;

create policy privacy_notice_templates_select_everyone on app_public.privacy_notice_templates for select to app_member
  using (true);
-- end of source: policies/consents/privacy_notice_templates.sql

-- source: reference/consents/consent_events.sql
-- What is published about consents. A version is never changed: a new one is added. FND-14, FND-16.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "consent"}', rows => '
name: consent.granted
version: 1
description: A patient of a clinic, or the holder of an account, consented to a version of a purpose.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["consentId", "purposeVersionId"],
 "properties": {
   "consentId": {"type": "string", "format": "uuid"},
   "purposeVersionId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"}}}
==========
name: consent.refused
version: 1
description: A patient of a clinic refused a version of a purpose.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["consentId", "purposeVersionId"],
 "properties": {
   "consentId": {"type": "string", "format": "uuid"},
   "purposeVersionId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"}}}
==========
name: consent.withdrawn
version: 1
description: A consent was withdrawn. Whatever was done by it was done before withdrawnAt.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["consentId", "purposeVersionId", "withdrawnAt"],
 "properties": {
   "consentId": {"type": "string", "format": "uuid"},
   "purposeVersionId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"},
   "withdrawnAt": {"type": "string", "format": "date-time"}}}
');
-- end of source: reference/consents/consent_events.sql

-- source: reference/consents/consent_purposes.sql
-- What people are asked to accept everywhere. FND-16, CNS-01. Clinics add their treatments by publish_consent_version().
-- The id of a row is the one that tg_fixed_id() makes of its code.

select app_private.own_rows('app_public.consent_purposes', scope => '{"organization_id": null}', rows => '
id: ad16a569-ab11-85b0-8d76-312dcc6b09d6
code: analytics
scope: platform
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: Analytics
name_ro: Analiză
needed_for: Counting how the pages and exercises are used, so that they get better.
needed_for_ro: Numărarea felului în care sunt folosite paginile și exercițiile, ca să devină mai bune.
==========
id: fb9116f4-3a60-89c1-84fb-82d9f0a1cfd1
code: biometric_capture
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: true
on_withdrawal: nothing
name: Measuring movement
name_ro: Măsurarea mișcării
needed_for: Exercises that follow the movement with the camera, and measurements of joints.
needed_for_ro: Exercițiile care urmăresc mișcarea cu camera și măsurătorile articulațiilor.
==========
id: 0cf84179-98a1-8532-82ed-2bd764c5a87b
code: marketing_email
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by mail
name_ro: Noutăți prin email
needed_for: News and offers of the clinic by mail. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin email. Ce ține de programări vine și fără acest acord.
==========
id: b8e8da99-ee1d-86ce-8224-6b33d0181fdd
code: marketing_push
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by notices of the browser
name_ro: Noutăți prin notificări în browser
needed_for: News and offers of the clinic by notices of the browser. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin notificări în browser. Ce ține de programări vine și fără acest acord.
==========
id: aa5db549-8e60-805c-8044-53b1e667c33e
code: marketing_sms
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by text message
name_ro: Noutăți prin SMS
needed_for: News and offers of the clinic by text message. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin SMS. Ce ține de programări vine și fără acest acord.
==========
id: b8a371cb-071f-845d-86ea-905598be5b45
code: marketing_whatsapp
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by WhatsApp
name_ro: Noutăți prin WhatsApp
needed_for: News and offers of the clinic by WhatsApp. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin WhatsApp. Ce ține de programări vine și fără acest acord.
==========
id: 32fbd699-a334-8798-8a47-4635441efe78
code: org_terms
scope: organization
legal_basis: contract
is_withdrawable: true
is_medical: false
on_withdrawal: removal
name: Terms of the clinic
name_ro: Termenii clinicii
needed_for: Being a patient of the clinic: appointments, forms and treatment plans there.
needed_for_ro: Calitatea de pacient al clinicii: programările, formularele și planurile de tratament de acolo.
==========
id: d70cddc6-1e9c-8a3d-8080-7bcfff2bd487
code: platform_terms
scope: platform
legal_basis: contract
is_withdrawable: true
is_medical: false
on_withdrawal: erasure
name: Terms of the platform
name_ro: Termenii platformei
needed_for: The account itself.
needed_for_ro: Contul însuși.
==========
id: b3c2367d-e7b0-8b3b-8241-c542db088901
code: privacy_notice
scope: organization
legal_basis: legal_obligation
is_withdrawable: false
is_medical: false
on_withdrawal: nothing
name: Privacy notice
name_ro: Nota de informare
needed_for: Knowing what the clinic does with personal data: that it was read.
needed_for_ro: Cunoașterea a ceea ce face clinica cu datele personale: că a fost citită.
==========
id: ea4a84c0-631c-8767-88ed-8502b37bc25b
code: telemedicine
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: true
on_withdrawal: nothing
name: Telemedicine
name_ro: Telemedicină
needed_for: Appointments by video or phone.
needed_for_ro: Programările prin video sau telefon.
==========
id: 0dd9466b-10ad-8f10-82a7-c0f5e94a9873
code: video_recording
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: true
on_withdrawal: nothing
name: Recording of video
name_ro: Înregistrarea video
needed_for: Recordings of appointments by video. The appointments themselves go on without it.
needed_for_ro: Înregistrările programărilor video. Programările au loc și fără acest acord.
');
-- end of source: reference/consents/consent_purposes.sql

-- source: reference/consents/consent_texts.sql
-- The platform's words of what is not about treatment. FND-16. Never changed: new words are a record of the next number, whose
-- id is the one that tg_fixed_id() makes of code and number.

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "analytics"}', rows => '
id: 883b6a21-a578-8485-81b8-13f225f423bb
number: 1
is_required: false
asks_again: true
title_ro: Analiză
title_en: Analytics
body_ro: Sunt de acord ca platforma să înregistreze cum îi folosesc paginile și exercițiile și să numere aceasta împreună cu datele altora.
  Totul funcționează și fără acest acord. Îl pot retrage oricând.
body_en: I agree that the platform records how I use its pages and exercises, and counts it together with that of others.
  It works without this as well. I can withdraw it at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_email"}', rows => '
id: bee01213-f2b1-8002-8fb3-7796856df1c8
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin email
title_en: News by mail
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin email. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by mail. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_push"}', rows => '
id: f8bc5367-6df7-8dfa-88b6-ff87b4075ad9
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin notificări în browser
title_en: News by notices of the browser
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin notificări în browser. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by notices of the browser. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_sms"}', rows => '
id: 3b77a396-bf45-8adf-86cf-bc250e2ff737
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin SMS
title_en: News by text message
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin SMS. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by text message. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_whatsapp"}', rows => '
id: f4e6f766-115c-8d0c-8838-f2f8b3ecfef5
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin WhatsApp
title_en: News by WhatsApp
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin WhatsApp. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by WhatsApp. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "org_terms"}', rows => '
id: 2f68f44e-d78e-8337-87d9-e2ce2f06f03c
number: 1
is_required: true
asks_again: true
title_ro: Termenii clinicii
title_en: Terms of the clinic
body_ro: Folosesc serviciile pe care clinica le oferă prin platformă după termenii ei: dau date adevărate despre mine, vin la programările făcute sau le anulez la timp și plătesc ce s-a convenit.
  Dacă îmi retrag acordul, programările viitoare se anulează și nu mai sunt pacient al acestei clinici. Ce cere legea ca clinica să păstreze se păstrează.
body_en: I use what the clinic offers through the platform by its terms: I give true details about myself, I come to appointments that I made or cancel them in time, and I pay what was agreed.
  When I withdraw, appointments to come are cancelled and I am no patient of this clinic any more. What the law asks the clinic to keep is kept.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "platform_terms"}', rows => '
id: 8cdd096f-02ad-88e8-829a-532f3b97d8e9
number: 1
is_required: true
asks_again: true
title_ro: Termenii platformei
title_en: Terms of the platform
body_ro: Folosesc platforma după termenii ei: contul este numai al meu, îi păstrez cheia pentru mine și nu îl folosesc pentru a face rău altora.
  Dacă îmi retrag acordul, se cere ștergerea contului meu. Ce cere legea ca o clinică să păstreze se păstrează acolo.
body_en: I use the platform by its terms: the account is mine alone, I keep its key to myself, and I do not use it to harm others.
  When I withdraw, the erasure of my account is asked for. What the law asks a clinic to keep is kept there.
');
-- end of source: reference/consents/consent_texts.sql

-- source: reference/consents/erasure_events.sql
-- What is published about erasure. A version is never changed: a new one is added. FND-14, FND-18.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "erasure"}', rows => '
name: erasure.requested
version: 1
description: The erasure of an account was asked for.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["erasureRequestId", "humanId"],
 "properties": {
   "erasureRequestId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/consents/erasure_events.sql

-- source: reference/consents/medical_consent_texts.sql
-- The platform's words of what is about treatment. FND-16. Never changed: new words are a record of the next number, whose
-- id is the one that tg_fixed_id() makes of code and number.

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "biometric_capture"}', rows => '
id: 510e05b3-4edb-8775-8636-4ded211a1662
number: 1
is_required: false
asks_again: true
title_ro: Măsurarea mișcării mele
title_en: Measuring how I move
body_ro: Sunt de acord ca clinica să măsoare cum mă mișc, cu camera dispozitivului meu sau cu instrumente: puncte ale corpului, unghiuri ale articulațiilor și ce rezultă din ele.
  Imaginile nu părăsesc dispozitivul. Pot face exerciții și fără acest acord. Îl pot retrage oricând, și în timpul unui exercițiu.
body_en: I agree that the clinic measures how I move, with the camera of my device or with instruments: points of the body, angles of joints, and what follows from them.
  Pictures do not leave the device. I can do exercises without this. I can withdraw it at any time, also during an exercise.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "telemedicine"}', rows => '
id: 0363bfa0-7b5a-8183-87d1-21e036331083
number: 1
is_required: false
asks_again: true
title_ro: Telemedicină
title_en: Telemedicine
body_ro: Sunt de acord să fiu consultat la distanță, prin video sau telefon. Știu că specialistul nu mă poate examina direct, că legătura se poate întrerupe și că pot fi rugat să vin la clinică.
  Nu este pentru urgențe: atunci sun la 112. Pot retrage acest acord oricând.
body_en: I agree to be seen at a distance, by video or phone. I know that the specialist cannot examine me by hand, that the connection may break, and that I may be asked to come to the clinic.
  It is not for emergencies: then I call 112. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "video_recording"}', rows => '
id: 04a23312-a7d7-8178-887a-1dbf1e9936f5
number: 1
is_required: false
asks_again: true
title_ro: Înregistrarea video
title_en: Recording of video
body_ro: Sunt de acord ca programările video să fie înregistrate, pentru ca clinica să le revadă în vederea tratamentului meu.
  Programările au loc și fără acest acord. Îl pot retrage oricând, și în timpul unei programări.
body_en: I agree that appointments by video are recorded, for the clinic to look at again for my treatment.
  Appointments take place without this as well. I can withdraw it at any time, also during an appointment.
');
-- end of source: reference/consents/medical_consent_texts.sql

-- source: reference/consents/message_privacy_notice_changed.sql
-- The message privacy_notice_changed: what it needs, by which ways it goes, and its words on each. FND-15, FND-19.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "privacy_notice_changed"}', rows => '
topic: terms
lasts: 7 days
variables: {}
sample: {}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "privacy_notice_changed"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "privacy_notice_changed"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} are o nouă notă de informare
body:
Bună ziua, {{recipientName}},

{{clinicName}} a publicat o nouă notă de informare despre datele dumneavoastră personale. O găsiți în contul dumneavoastră, la acorduri.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} has a new privacy notice
body:
Hello {{recipientName}},

{{clinicName}} has published a new notice about your personal data. You find it in your account, under consents.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}} are o nouă notă de informare
body: O găsiți la acordurile dumneavoastră.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}} has a new privacy notice
body: You find it under your consents.
');
-- end of source: reference/consents/message_privacy_notice_changed.sql

-- source: reference/consents/privacy_notice_events.sql
-- What is published about privacy notices. A version is never changed: a new one is added. FND-14, FND-19.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "privacy_notice"}', rows => '
name: privacy_notice.published
version: 1
description: A clinic published new words of its privacy notice.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["purposeVersionId"],
 "properties": {
   "purposeVersionId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/consents/privacy_notice_events.sql

-- source: reference/consents/privacy_notice_sections.sql
-- The sections of each template, in Romanian and English. FND-19.

select app_private.own_rows('app_public.privacy_notice_sections', rows => '
template_version: 1
key: controller
position: 1
is_optional: false
title_ro: Cine prelucrează datele
title_en: Who processes the data
body_ro: {{clinicName}}, {{clinicAddress}}, este operatorul datelor dumneavoastră. Ne puteți scrie la {{clinicEmail}} sau suna la {{clinicPhone}}.
body_en: {{clinicName}}, {{clinicAddress}}, is the controller of your data. You can write to {{clinicEmail}} or call {{clinicPhone}}.
==========
template_version: 1
key: rights
position: 2
is_optional: false
title_ro: Drepturile dumneavoastră
title_en: Your rights
body_ro: Puteți cere să vedeți datele, să le îndreptăm, să le ștergem sau să le mutăm, și vă puteți plânge la ANSPDCP.
body_en: You may ask to see your data, to have it corrected, erased or moved, and you may complain to the Romanian authority, ANSPDCP.
==========
template_version: 1
key: cross_border_transfer
position: 3
is_optional: true
title_ro: Transferul datelor în alte țări
title_en: Transfer to other countries
body_ro: Unii furnizori prelucrează date în afara Spațiului Economic European, cu garanțiile pe care le cere legea.
body_en: Some vendors process data outside the European Economic Area, with the safeguards that the law asks for.
');
-- end of source: reference/consents/privacy_notice_sections.sql

-- source: reference/consents/privacy_notice_templates.sql
-- What privacy notices are composed of. FND-19. confirmed_by: who confirmed it as counsel, which makes it production_ready.

select app_private.own_rows('app_public.privacy_notice_templates', rows => '
  version | readiness | confirmed_by | title_ro                                          | title_en
  --------+-----------+--------------+---------------------------------------------------+-------------------------------
  1       | draft     |              | Nota de informare despre prelucrarea datelor      | Notice about your personal data
');
-- end of source: reference/consents/privacy_notice_templates.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                     | description
  -------------------------+-------------------------------------------------------------
  appointments.conduct     | Start and finish appointments, record no-shows
  appointments.manage      | Book, confirm, cancel; answer booking requests
  appointments.view        | See the clinic''s appointments and booking requests
  audit.view               | Read the clinic''s audit log
  calendars.manage         | Edit bookable calendars
  consent_texts.manage     | Publish the clinic''s consent texts and privacy notices
  consents.override        | Go on without a consent in an emergency, with a reason
  consents.record          | Record what patients accept, refuse and withdraw, on evidence
  integrations.manage      | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage           | Add and remove members, give and take roles
  message_templates.manage | Edit the words of the clinic''s messages
  messages.view            | See which messages the clinic''s patients were sent
  organization.manage      | Change the clinic''s details and booking settings
  owners.manage            | Name and remove owners of the clinic
  patients.manage          | Add and edit patients and their caregivers
  patients.merge           | Merge two patients who are one person, and undo it
  patients.view            | See the clinic''s patients
  roles.manage             | Define the clinic''s own roles
  schedules.manage         | Edit every specialist''s hours
  schedules.manage_own     | Edit one''s own hours as a specialist
  services.manage          | Edit services and who provides them
  specialists.manage       | Add, edit and remove specialists
  specialists.view_org     | See specialists'' accounts and contacts
  specialties.manage       | Edit the clinic''s own specialties
  suppressions.lift        | Let the clinic write again to an address that was reported as dead
');
-- end of source: reference/identity/permissions.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  patients.view
  schedules.manage_own
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  messages.view
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/notify/message_topics.sql
-- What people may choose to hear about. FND-15.

select app_private.own_rows('app_public.message_topics', rows => '
  key          | kind          | name                              | name_ro
  -------------+---------------+-----------------------------------+-----------------------------------
  appointments | transactional | Appointments and booking requests | Programări și cereri de programare
  clinic       | transactional | Work at the clinic                | Activitatea clinicii
  news         | marketing     | News and offers                   | Noutăți și oferte
  terms        | transactional | Terms and privacy notices         | Termeni și note de informare
');
-- end of source: reference/notify/message_topics.sql

-- source: reference/notify/notifications.sql
-- Who consumes events to write to people, which it hears, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_consumers', rows => '
  name          | description
  --------------+-------------------------------------------------------------
  notifications | Writes to guests, patients and the clinic about requests and appointments.
');

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                  | messages_function
  ----------------------------+-------------------------------
  appointment.booked          | messages_about_appointment
  appointment.cancelled       | messages_about_appointment
  appointment.patient_changed | messages_about_changed_patient
  booking_request.confirmed   | messages_about_booking_request
  booking_request.expired     | messages_about_booking_request
  booking_request.received    | messages_about_booking_request
  booking_request.rejected    | messages_about_booking_request
  booking_request.withdrawn   | messages_about_booking_request
  organization.activated      | messages_about_organization
  privacy_notice.published    | messages_about_privacy_notice
');
-- end of source: reference/notify/notifications.sql

-- source: reference/patients/legal_ages.sql
-- Ages that the law sets. confirmed_by: who confirmed it as counsel. FND-07, CNS-01.

select app_private.own_rows('app_private.legal_ages', rows => '
  rule            | years | confirmed_by | citation
  ----------------+-------+--------------+-------------------------------------------------------------
  caregiver_ends  | 18    |              | Law 95/2006: medical consent in one''s own name from 18
  medical_consent | 18    |              | Law 95/2006: under 18 a parent or guardian consents to treatment, with narrow exceptions
  own_account     | 16    |              | GDPR art. 8 as applied in Romania: consent to online services from 16
');
-- end of source: reference/patients/legal_ages.sql

select app_private.write_owned_rows();

--! split: 910-consents.sql
-- Roles of clinics that are there already get the permissions about consents that new clinics get. FND-16.
set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('consent_texts.manage', 'consents.override', 'consents.record')
on conflict do nothing;
reset role;
