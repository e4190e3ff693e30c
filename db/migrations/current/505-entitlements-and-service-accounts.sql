-- What clinics have beside their tier, and keys of programs. FND-20, FND-24, BIL-09, TEN-01, docs/decisions/0191.

-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_entitlements, app_public.platform_entitlements, app_public.service_account_keys cascade;

create table app_public.platform_entitlements (
  key text primary key,
  is_built boolean not null,
  description text not null,
  description_ro text not null,
  constraint platform_entitlements_key_is_a_word check (key ~ '^[a-z][a-z0-9]*(_[a-z0-9]+)*$' and length(key) <= 63)
);
comment on table app_public.platform_entitlements is 'What a clinic can have beside its tier.';
comment on column app_public.platform_entitlements.description_ro is 'The same in Romanian.';
comment on column app_public.platform_entitlements.is_built is 'Whether it can be granted; what is not built is refused.';

create table app_public.organization_entitlements (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  entitlement text not null references app_public.platform_entitlements on delete restrict,
  reason text not null,
  granted_by uuid references app_public.principals on delete restrict,
  granted_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by uuid references app_public.principals on delete restrict,
  revoke_reason text,
  constraint organization_entitlements_identity unique (organization_id, id),
  constraint organization_entitlements_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint organization_entitlements_reason_is_at_most_500_characters_long check (length(reason) <= 500),
  constraint organization_entitlements_revoking_has_a_reason check ((revoked_at is null) = (revoke_reason is null)),
  constraint organization_entitlements_revoke_reason_is_short check (length(revoke_reason) <= 500)
);
create unique index organization_entitlements_one_is_open
  on app_public.organization_entitlements (organization_id, entitlement) where revoked_at is null;
create index organization_entitlements_granted_idx on app_public.organization_entitlements (organization_id, granted_at, id);
create index organization_entitlements_entitlement_idx on app_public.organization_entitlements (entitlement);
create index organization_entitlements_granted_by_idx on app_public.organization_entitlements (granted_by);
create index organization_entitlements_revoked_by_idx on app_public.organization_entitlements (revoked_by);
comment on table app_public.organization_entitlements is 'What the platform granted a clinic beside its tier, and until when.';
comment on column app_public.organization_entitlements.entitlement is 'What was granted: one of platformEntitlements.';
comment on column app_public.organization_entitlements.granted_at is 'Since when the clinic has it.';
comment on column app_public.organization_entitlements.reason is 'Why it was granted.';
comment on column app_public.organization_entitlements.revoked_at is 'Since when the clinic has it no more; null while it has.';
comment on column app_public.organization_entitlements.revoke_reason is 'Why it was taken back.';

-- What programs of a clinic, or of the platform, are let in with.
create table app_public.service_account_keys (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete cascade,
  name text not null,
  scope text not null,
  principal_id uuid not null references app_public.principals on delete restrict,
  digest bytea not null,
  last_four text not null,
  last_used_on date,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by uuid references app_public.principals on delete restrict,
  constraint service_account_keys_identity unique (organization_id, id),
  constraint service_account_keys_scope_is_known check (scope in ('ai_calls', 'patient_subscriptions')),
  constraint service_account_keys_scope_is_of_whose_it_is check ((scope = 'ai_calls') = (organization_id is null)),
  constraint service_account_keys_digest_is_one check (octet_length(digest) = 32),
  constraint service_account_keys_last_four_are_four check (last_four ~ '^[A-Za-z0-9_-]{4}$'),
  constraint service_account_keys_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint service_account_keys_name_is_at_most_100_characters_long check (length(name) <= 100),
  constraint service_account_keys_name_is_one_line check (name !~ '[[:cntrl:]]')
);
-- Indexes and no constraints: the API asks by the id alone.
create unique index service_account_keys_digest_is_unique on app_public.service_account_keys (digest);
create unique index service_account_keys_have_a_principal_each on app_public.service_account_keys (principal_id);
create index service_account_keys_made_idx on app_public.service_account_keys (organization_id, created_at, id);
create index service_account_keys_created_by_idx on app_public.service_account_keys (created_by);
create index service_account_keys_revoked_by_idx on app_public.service_account_keys (revoked_by);
comment on table app_public.service_account_keys is
  'Keys of programs that are no person: a clinic''s own, or the platform''s. The key itself is shown once; what it writes is attributed to its principal.';
comment on column app_public.service_account_keys.organization_id is 'The clinic that it is for; null: the platform.';
comment on column app_public.service_account_keys.scope is 'What it opens.';
comment on column app_public.service_account_keys.principal_id is 'Who its writes are attributed to, in the audit trail and in events.';
comment on column app_public.service_account_keys.last_four is 'The last four characters of the key, to tell it by.';
comment on column app_public.service_account_keys.last_used_on is 'The last day (UTC) on which it did something; null: it never did.';
comment on column app_public.service_account_keys.revoked_at is 'Since when it opens nothing; null while it does.';
comment on constraint service_account_keys_scope_is_known on app_public.service_account_keys is
  E'ai_calls: Calls of AI models are recorded, of any clinic; only the platform has such keys.\n'
  'patient_subscriptions: Statuses of the clinic''s patient subscriptions are reported, by the clinic''s own payment system.';

-- What a new key is told as, once.
-- squawk-ignore ban-drop-table
drop type if exists app_public.service_account_key_token cascade;
create type app_public.service_account_key_token as (
  id uuid,
  token text
);
comment on type app_public.service_account_key_token is 'A key that was just made; nobody sees it again.';
comment on column app_public.service_account_key_token.id is 'Its row in service_account_keys.';
comment on column app_public.service_account_key_token.token is 'The key: `Authorization: Bearer rxsk_…`.';
