-- What callers have spent of their rate limits, as far as more than one server process must know. FND-27.

-- squawk-ignore ban-drop-table
drop table if exists app_private.spent_allowances;

-- Unlogged: a crash of the database forgives everybody, and no request waits for a disk because of it.
create unlogged table app_private.spent_allowances (
  key_digest bytea primary key,
  spent_until timestamptz not null,
  constraint spent_allowances_key_digest_is_short check (length(key_digest) = 16)
);
create index spent_allowances_spent_until_idx on app_private.spent_allowances (spent_until);
comment on table app_private.spent_allowances is
  'Rate limits that several servers share: until when a caller''s allowance is spent. Callers are digests.';
