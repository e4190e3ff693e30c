-- What may be uploaded where: a new kind of file is a row here. FND-13, FND-12.

-- squawk-ignore ban-drop-table
drop table if exists app_public.files;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_surface_types;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_surfaces;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_types;

create table app_private.file_types (
  content_type text primary key,
  extensions text[] not null,
  constraint file_types_content_type_is_lower_case check (content_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
  constraint file_types_extensions_are_named check (cardinality(extensions) > 0)
);
comment on table app_private.file_types is
  'Types whose bytes can be checked (server/files/examine), with the endings a name may have: what a name ends with '
  'is what a computer opens the download as.';
insert into app_private.file_types (content_type, extensions) values
  ('application/pdf', '{pdf}'),
  ('image/png', '{png}'),
  ('image/jpeg', '{jpg,jpeg}'),
  ('image/webp', '{webp}');

create table app_private.file_surfaces (
  key text primary key,
  prefix text not null,
  description text not null,
  owner_kind text not null,
  audience text not null,
  max_bytes bigint not null,
  max_files int not null,
  manage_permission text not null references app_public.permissions on delete restrict,
  uploaded_by_owner boolean not null,
  class text not null references app_private.data_classes on delete restrict,
  retention text not null references app_private.retentions on delete restrict,
  constraint file_surfaces_identity unique (key, owner_kind, audience),
  constraint file_surfaces_prefix_is_unique unique (prefix),
  constraint file_surfaces_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  -- uploads/ holds what nobody has looked at yet.
  constraint file_surfaces_prefix_is_a_folder check (prefix ~ '^[a-z]+(-[a-z]+)*$' and prefix <> 'uploads'),
  constraint file_surfaces_owner_kind_is_known check (owner_kind in ('organization', 'service', 'specialist', 'appointment')),
  constraint file_surfaces_audience_is_known check (audience in ('owner_readers', 'staff')),
  -- The bytes are looked at in memory, all of them.
  constraint file_surfaces_max_bytes_fits_into_memory check (max_bytes between 1 and 26214400),
  constraint file_surfaces_max_files_is_sensible check (max_files between 1 and 1000),
  -- A clinic and a service are nobody in person.
  constraint file_surfaces_owner_is_a_person check (not uploaded_by_owner or owner_kind in ('specialist', 'appointment'))
);
create index file_surfaces_manage_permission_idx on app_private.file_surfaces (manage_permission);
create index file_surfaces_class_idx on app_private.file_surfaces (class);
create index file_surfaces_retention_idx on app_private.file_surfaces (retention);
comment on table app_private.file_surfaces is
  'Where files hang, one row a surface: the kind of row that owns them, who of its readers sees them, how large, how many '
  '(1: the newest replaces), who uploads (staff by permission, and the person the owner row is about), class and retention.';

create table app_private.file_surface_types (
  surface text not null references app_private.file_surfaces on delete cascade,
  content_type text not null references app_private.file_types on delete restrict,
  primary key (surface, content_type)
);
create index file_surface_types_content_type_idx on app_private.file_surface_types (content_type);
comment on table app_private.file_surface_types is 'The types a surface takes.';

insert into app_private.file_surfaces
  (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
values
  ('organization_logo', 'logo', 'The clinic''s logo.',
   'organization', 'owner_readers', 1048576, 1, 'organization.manage', false, 'public', 'clinic'),
  ('service_attachments', 'services', 'What helps to choose or prepare: leaflets, pictures.',
   'service', 'owner_readers', 10485760, 20, 'services.manage', false, 'public', 'clinic'),
  ('specialist_signatures', 'signatures', 'The signature that goes onto documents.',
   'specialist', 'staff', 524288, 1, 'specialists.manage', true, 'pii_basic', 'clinic'),
  ('appointment_files', 'appointments', 'Findings, letters and pictures that belong to an appointment.',
   'appointment', 'owner_readers', 26214400, 100, 'appointments.conduct', true, 'phi', 'medical_record');

insert into app_private.file_surface_types (surface, content_type) values
  ('organization_logo', 'image/png'),
  ('organization_logo', 'image/jpeg'),
  ('organization_logo', 'image/webp'),
  ('service_attachments', 'application/pdf'),
  ('service_attachments', 'image/png'),
  ('service_attachments', 'image/jpeg'),
  ('service_attachments', 'image/webp'),
  ('specialist_signatures', 'image/png'),
  ('appointment_files', 'application/pdf'),
  ('appointment_files', 'image/png'),
  ('appointment_files', 'image/jpeg'),
  ('appointment_files', 'image/webp');
