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
