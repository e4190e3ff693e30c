-- What can be deleted and brought back: one row per table. FND-10.

-- squawk-ignore ban-drop-table
drop table if exists app_private.soft_deletes;
drop type if exists app_public.deleted_row cascade;

create table app_private.soft_deletes (
  table_name text primary key references app_private.classified_tables on delete cascade,
  permission text references app_public.permissions on delete restrict,
  label text not null,
  follows text references app_private.soft_deletes on delete restrict,
  constraint soft_deletes_follows_another check (follows <> table_name)
);
create index soft_deletes_permission_idx on app_private.soft_deletes (permission);
create index soft_deletes_follows_idx on app_private.soft_deletes (follows);
comment on table app_private.soft_deletes is 'Tables whose rows are deleted by deleted_at, and come back. Written by allow_soft_delete(), from each table''s policy file.';
comment on column app_private.soft_deletes.permission is 'Who may delete and restore at the clinic of the row; null: the platform''s superadmins.';
comment on column app_private.soft_deletes.label is 'SQL over the row r: by what people recognise it.';
comment on column app_private.soft_deletes.follows is 'Goes with rows of this table, and comes back with them.';

create type app_public.deleted_row as (
  entity text,
  row_id uuid,
  organization_id uuid,
  label text,
  deleted_at timestamptz
);
comment on type app_public.deleted_row is 'A row that was deleted and can be brought back with restoreDeletedRow.';
comment on column app_public.deleted_row.entity is 'What it is: services, calendars, patients, …';
comment on column app_public.deleted_row.label is 'By what people recognise it.';

alter table app_public.specialties add column if not exists deleted_at timestamptz;
alter table app_public.specialties drop constraint if exists specialties_slug_is_unique_per_organization;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.specialties_slug_is_unique_per_organization;
-- squawk-ignore require-concurrent-index-creation
create unique index specialties_slug_is_unique_per_organization on app_public.specialties (organization_id, slug)
  nulls not distinct where deleted_at is null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists specialties_organization_id_idx on app_public.specialties (organization_id);

-- The list of what was deleted does not read what was not.
-- squawk-ignore require-concurrent-index-creation
create index if not exists appointments_deleted_idx on app_public.appointments (organization_id) where deleted_at is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists patients_deleted_idx on app_public.patients (organization_id) where deleted_at is not null;
