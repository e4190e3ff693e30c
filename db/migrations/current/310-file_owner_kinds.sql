-- What files may belong to: a row a kind, and a function that tells of its owner. FND-13.

alter table app_private.file_surfaces drop constraint if exists file_surfaces_owner_kind_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_owner_kinds;

create table app_private.file_owner_kinds (
  key text primary key,
  column_name text not null,
  patient_column text,
  owner_function text not null,
  constraint file_owner_kinds_column_is_of_one_kind unique (column_name),
  constraint file_owner_kinds_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$')
);
comment on table app_private.file_owner_kinds is
  'What a file may belong to, a row a kind. A file is readable where its owner is: the policies of app_public.files are '
  'written from these rows.';
comment on column app_private.file_owner_kinds.column_name is
  'The column of app_public.files that refers to the owner by a foreign key.';
comment on column app_private.file_owner_kinds.patient_column is
  'Of what a clinic has many, the column that names the patient: staff look their files up by key, a patient reads the own. '
  'Null where a clinic has few, which are read once a query.';
comment on column app_private.file_owner_kinds.owner_function is
  'The function of app_private that tells of the owner by its id: clinic, whether it is the caller''s own, whether it is deleted.';

do $$
begin
  if to_regtype('app_private.owner_of_file') is null then
    create type app_private.owner_of_file as (organization_id uuid, is_own boolean, is_deleted boolean);
  end if;
end;
$$;
comment on type app_private.owner_of_file is
  'What a file belongs to: its clinic, whether it is about the caller in person, and whether it was deleted.';

-- not in db/reference: the key below needs them before; the file of db/reference has them from then on.
insert into app_private.file_owner_kinds (key, column_name, patient_column, owner_function) values
  ('organization', 'owner_organization_id', null, 'file_owner_organization'),
  ('service', 'service_id', null, 'file_owner_service'),
  ('specialist', 'specialist_id', null, 'file_owner_specialist'),
  ('appointment', 'appointment_id', 'patient_profile_id', 'file_owner_appointment');

alter table app_private.file_surfaces drop constraint if exists file_surfaces_owner_kind_is_known;
-- A kind whose owner is nobody in person is nobody's own, so staff upload there.
alter table app_private.file_surfaces drop constraint if exists file_surfaces_owner_is_a_person;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table app_private.file_surfaces add constraint file_surfaces_owner_kind_fkey
  foreign key (owner_kind) references app_private.file_owner_kinds on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists file_surfaces_owner_kind_idx on app_private.file_surfaces (owner_kind);
