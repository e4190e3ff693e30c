-- Every column says how it is protected and how long it is kept, not only its table. FND-12.

-- A few hundred rows that only migrations read and write: locks and scans concern nobody.
alter table app_private.classified_columns
  -- squawk-ignore adding-foreign-key-constraint
  add column if not exists retention text references app_private.retentions on delete restrict,
  add column if not exists protection text;
update app_private.classified_columns
set retention = classified_tables.retention
from app_private.classified_tables
where classified_tables.table_name = classified_columns.table_name and classified_columns.retention is null;
-- squawk-ignore adding-not-nullable-field
alter table app_private.classified_columns alter column retention set not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists classified_columns_retention_idx on app_private.classified_columns (retention);

alter table app_private.classified_columns drop constraint if exists classified_columns_protection_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_private.classified_columns add constraint classified_columns_protection_is_known
  check (protection in ('digest', 'ciphertext'));
comment on column app_private.classified_columns.protection is
  'How a column of an encrypted class is protected. digest: one way, never read back; ciphertext: sealed under a data key.';
comment on column app_private.classified_columns.retention is
  'The table''s, unless the column is kept for a shorter or longer time than its row.';

comment on table app_private.data_classes is
  'The classes a column or an object surface may carry. is_masked: no audit entry shows the value; '
  'is_encrypted: only a digest or ciphertext reaches the database.';

-- classify() gained two arguments.
drop function if exists app_private.classify(text, text, jsonb, text, text);
