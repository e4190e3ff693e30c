-- Codes that prove who reads what goes to an address or a number, and claims of profiles by them. FND-32.
-- squawk-ignore ban-drop-table
drop table if exists app_private.profile_claims;
-- squawk-ignore ban-drop-table
drop table if exists app_private.codes;
drop type if exists app_public.profile_claim cascade;

create table app_private.codes (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  digest bytea,
  salt text not null,
  attempts_left int not null default 5,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint codes_identity unique (organization_id, id),
  constraint codes_digest_is_a_digest check (octet_length(digest) = 32),
  constraint codes_attempts_left_are_few check (attempts_left between 0 and 5)
);
create index codes_created_idx on app_private.codes (created_at);
comment on table app_private.codes is
  'A code of six digits that is sent to somebody. It is made when its message leaves, so that nothing here, in the queue or in the '
  'log can read it; what is kept is a slow digest, for as long as it may be tried.';
comment on column app_private.codes.digest is 'What the code is compared with; null before it was sent, and when it is over.';

create table app_private.profile_claims (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  human_id uuid not null references app_public.humans on delete restrict,
  code_id uuid not null,
  patient_profile_id uuid,
  claimed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint profile_claims_identity unique (organization_id, id),
  constraint profile_claims_organization_id_code_id_fkey foreign key (organization_id, code_id)
    references app_private.codes (organization_id, id) on delete cascade,
  constraint profile_claims_organization_id_patient_profile_id_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint profile_claims_claimed_of_a_patient check (claimed_at is null or patient_profile_id is not null)
);
create index profile_claims_code_idx on app_private.profile_claims (organization_id, code_id);
create index profile_claims_patient_idx on app_private.profile_claims (organization_id, patient_profile_id, created_at);
create index profile_claims_human_idx on app_private.profile_claims (human_id, created_at);
create index profile_claims_created_idx on app_private.profile_claims (created_at);
comment on table app_private.profile_claims is
  'Who asked to take over a profile that a clinic has. Without a patient nobody was found, which whoever asked is not told.';

create type app_public.profile_claim as (
  id uuid,
  organization_id uuid,
  is_claimed boolean,
  attempts_left int,
  expires_at timestamptz
);
comment on type app_public.profile_claim is 'Somebody''s wish to take over the profile that a clinic has of them, by a code that is sent there.';
comment on column app_public.profile_claim.id is 'What confirmProfileClaim names.';
comment on column app_public.profile_claim.organization_id is 'The clinic that has the profile.';
comment on column app_public.profile_claim.is_claimed is 'Whether the code was right and the profile is the caller''s.';
comment on column app_public.profile_claim.attempts_left is 'How often a code may still be tried.';
comment on column app_public.profile_claim.expires_at is 'Until when.';

-- Whoever accepts an invitation reads the clinic's terms first.
drop function if exists app_public.accept_invitation(uuid, text, text, date);
alter type app_public.received_invitation drop attribute if exists organization_id;
alter type app_public.received_invitation add attribute organization_id uuid;
comment on column app_public.received_invitation.organization_id is 'The clinic that asks.';

alter table app_private.message_types add column if not exists carries_code boolean not null default false;
comment on column app_private.message_types.carries_code is
  'Whether its variable code names a row of codes: it is replaced by a fresh code as the message leaves, at any hour.';
