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
