-- Secrets at rest: what an encrypted column looks like, the data keys, and the rotations. FND-11.

-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_integrations;
-- squawk-ignore ban-drop-table
drop table if exists app_private.key_rotations;
-- squawk-ignore ban-drop-table
drop table if exists app_private.data_keys;
drop domain if exists app_private.ciphertext cascade;

-- The envelope that secrets/envelope.ts makes: 'RXE', format 1, four bytes of key version, twelve of nonce, the
-- ciphertext, sixteen of tag. Whoever forgets to encrypt cannot store what they have.
create domain app_private.ciphertext as bytea
  constraint ciphertext_is_an_envelope check (
    octet_length(value) >= 36
    and substr(value, 1, 4) = '\x52584501'
    and substr(value, 5, 4) between '\x00000001' and '\x7fffffff'
  );
comment on domain app_private.ciphertext is
  'Sealed outside the database: magic and format, key version, nonce, ciphertext, tag. Nothing else fits into such a column.';

create table app_private.data_keys (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  version int not null,
  wrapped bytea not null,
  master_key_id text not null,
  status text not null default 'active',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint data_keys_identity unique (organization_id, id),
  constraint data_keys_version_is_unique unique nulls not distinct (organization_id, version),
  constraint data_keys_version_counts_from_one check (version >= 1),
  -- A key in the clear has exactly 32 bytes.
  constraint data_keys_wrapped_is_no_bare_secret check (octet_length(wrapped) > 32),
  constraint data_keys_master_key_id_is_not_blank check (master_key_id ~ '\S'),
  constraint data_keys_status_is_known check (status in ('active', 'retiring', 'retired'))
);
create unique index data_keys_one_is_active on app_private.data_keys (organization_id) nulls not distinct where status = 'active';
create index data_keys_master_key_idx on app_private.data_keys (master_key_id);
comment on table app_private.data_keys is
  'The keys that envelopes are sealed with, wrapped by the master key; without a clinic: the platform''s. active seals, '
  'retiring is still written by processes that have not noticed and read by all, retired is in no row any more and is '
  'kept for backups. Deleting a clinic''s keys makes what it had unreadable everywhere.';

create table app_private.key_rotations (
  id uuid primary key default uuidv7(),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint key_rotations_end_after_start check (started_at <= finished_at)
);
create unique index key_rotations_one_is_open on app_private.key_rotations ((finished_at is null)) where finished_at is null;
comment on table app_private.key_rotations is
  'Rotations of all data keys. Whatever was active before started_at gets a successor; an open one is gone on with.';

insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  ('data_keys', '', 'active', 'system'),
  ('data_keys', 'active', 'retiring', 'system'),
  ('data_keys', 'retiring', 'retired', 'system')
on conflict do nothing;
