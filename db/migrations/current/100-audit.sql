-- Who did what to which row: entries, sealed at commit into one chain per clinic and one for the platform, and
-- the anchors that stand outside the database. FND-08, FND-09.

-- Again at every save: whatever is audited lets go of the schema before it is dropped.
drop schema if exists audit cascade;
create schema audit;
comment on schema audit is 'The audit log: append-only for every role, a hash chain per clinic, anchored outside.';
grant usage, create on schema audit to app_engine;
grant usage on schema audit to app_member, app_worker;

-- Partitions are made by audit.open_month(), by the clock; none is made here, so that every database gets the
-- same migration. No check constraints on them: a partition compiles them anew at every insert, which took half of it
-- (80 µs with three, 38 without), and only audit.append() and the seal write here. Verification finds what is not theirs.
create table audit.entries (
  id uuid not null default uuidv7(),
  organization_id uuid,
  -- What has no clinic is chained by the platform: zero stands for it in keys, as in specialties.
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  occurred_at timestamptz not null,
  seal_id uuid not null,
  position int not null,
  actor_id uuid,
  impersonator_id uuid,
  session_role text not null,
  request_id text,
  action text not null,
  table_name text not null,
  row_key text,
  person_id uuid,
  changed text[],
  old jsonb,
  new jsonb,
  ip text,
  user_agent text,
  key bytea,
  digest bytea not null,
  bytes bytea not null,
  hash bytea not null,
  primary key (scope_id, occurred_at, id)
) partition by range (occurred_at);
create index entries_row_idx on audit.entries (row_key, occurred_at);
create index entries_person_idx on audit.entries (person_id, occurred_at) where person_id is not null;
create index entries_actor_idx on audit.entries (actor_id, occurred_at);
comment on table audit.entries is
  'What was done, by whom, to which row. The bytes carry ids and a digest of what may be personal (old, new, ip, '
  'user_agent), keyed with a random key per entry: erasure takes those and the key, and the chain still verifies.';
comment on column audit.entries.seal_id is 'Entries of one transaction and chain; each is hashed onto the one before.';
comment on column audit.entries.session_role is 'The database login that wrote: tells the API from a worker and from a hand.';
comment on column audit.entries.row_key is 'The primary key as text, its columns joined by "/"; without those that name somebody.';
comment on column audit.entries.person_id is 'The person the row is about, as classified_tables says.';
comment on column audit.entries.changed is 'Columns that changed, masked ones included; of a new or deleted row those with a value.';
comment on column audit.entries.digest is 'HMAC-SHA256 with key over the wire format of (old, new, ip, user_agent).';
comment on column audit.entries.bytes is 'Exactly what was hashed: the wire format of the row that audit.entry_bytes() builds.';

create table audit.seals (
  id uuid not null,
  scope_id uuid not null,
  sequence bigint not null,
  occurred_at timestamptz not null,
  sealed_at timestamptz not null,
  entries int not null,
  entries_hash bytea not null,
  bytes bytea not null,
  hash bytea not null,
  primary key (scope_id, sequence, occurred_at)
) partition by range (occurred_at);
comment on table audit.seals is
  'A link of a clinic''s chain: the entries that one transaction wrote, sealed at its commit onto the seal before.';
comment on column audit.seals.entries_hash is 'The hash of the last of its entries, which is hashed onto all before it.';
comment on column audit.seals.bytes is 'Exactly what was hashed: the wire format of the row that audit.seal_bytes() builds.';

create table audit.heads (
  scope_id uuid primary key,
  sequence bigint not null,
  hash bytea not null,
  sealed_at timestamptz not null
) with (fillfactor = 20);
comment on table audit.heads is 'The end of each chain; its row lock is what commits of one clinic queue for.';

create table audit.anchors (
  number bigint primary key,
  object_key text not null,
  bytes bytea not null,
  hash bytea not null,
  previous_hash bytea,
  created_at timestamptz not null,
  stored_at timestamptz,
  constraint anchors_number_counts_from_one check (number >= 1),
  constraint anchors_only_the_first_has_nothing_before check ((number = 1) = (previous_hash is null))
);
comment on table audit.anchors is
  'Documents with the heads of all chains that moved, each naming the hash of the one before; the bytes go to object storage.';
comment on column audit.anchors.stored_at is 'When object storage had it; null: the next run of the task brings it there.';

create table audit.anchored_heads (
  anchor_number bigint not null references audit.anchors on delete restrict,
  scope_id uuid not null,
  sequence bigint not null,
  hash bytea not null,
  primary key (scope_id, sequence)
);
create index anchored_heads_anchor_idx on audit.anchored_heads (anchor_number);
comment on table audit.anchored_heads is 'The heads an anchor holds, where verification looks them up.';
