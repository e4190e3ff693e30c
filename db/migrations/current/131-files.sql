-- Files: the rows. The bytes are in the object store. FND-13.

create table app_public.files (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  surface text not null,
  audience text not null,
  service_id uuid,
  specialist_id uuid,
  appointment_id uuid,
  owner_organization_id uuid generated always as (
    case when num_nonnulls(service_id, specialist_id, appointment_id) = 0 then organization_id end) stored,
  owner_kind text not null generated always as (
    case
      when service_id is not null then 'service'
      when specialist_id is not null then 'specialist'
      when appointment_id is not null then 'appointment'
      else 'organization'
    end) stored,
  filename text not null,
  content_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  -- Nobody is ever given a URL to write to the first; the second holds what nobody has looked at yet.
  object_key text not null,
  uploaded_key text not null generated always as (organization_id::text || '/uploads/' || id::text) stored,
  status text not null default 'pending',
  rejection text,
  uploaded_by uuid not null references app_public.principals on delete restrict,
  expires_at timestamptz,
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  objects_removed_at timestamptz,
  constraint files_identity unique (organization_id, id),
  constraint files_surface_takes_this_owner foreign key (surface, owner_kind, audience)
    references app_private.file_surfaces (key, owner_kind, audience) on delete restrict,
  foreign key (surface, content_type) references app_private.file_surface_types (surface, content_type) on delete restrict,
  foreign key (organization_id, service_id) references app_public.services (organization_id, id) on delete restrict,
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete restrict,
  foreign key (organization_id, appointment_id) references app_public.appointments (organization_id, id) on delete restrict,
  constraint files_owner_organization_id_fkey foreign key (owner_organization_id)
    references app_public.organizations on delete restrict,
  constraint files_has_one_owner check (num_nonnulls(service_id, specialist_id, appointment_id) <= 1),
  constraint files_audience_is_known check (audience in ('owner_readers', 'staff')),
  constraint files_owner_kind_is_known check (owner_kind in ('organization', 'service', 'specialist', 'appointment')),
  constraint files_filename_is_a_name check (filename ~ '[[:alnum:]]' and length(filename) <= 200),
  constraint files_filename_is_one_line check (filename !~ '[[:cntrl:]/\\]'),
  constraint files_size_bytes_is_positive check (size_bytes > 0),
  constraint files_sha256_is_a_digest check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint files_object_key_is_made_of_ids check (
    object_key = organization_id::text || '/' || split_part(object_key, '/', 2) || '/' || id::text),
  constraint files_status_is_known check (status in ('pending', 'confirmed', 'rejected', 'deleted')),
  constraint files_expires_while_pending check ((status = 'pending') = (expires_at is not null)),
  constraint files_rejection_says_why check ((status = 'rejected') = (rejection is not null)),
  constraint files_rejection_is_known check (rejection in ('expired', 'type_mismatch', 'second_type', 'malformed', 'size_mismatch', 'digest_mismatch')),
  constraint files_confirmed_at_follows_the_status check ((confirmed_at is not null) = (status in ('confirmed', 'deleted'))),
  constraint files_deleted_at_follows_the_status check ((status = 'deleted') = (deleted_at is not null)),
  constraint files_objects_outlive_their_use check (objects_removed_at is null or status in ('rejected', 'deleted'))
);
create index files_service_idx on app_public.files (organization_id, service_id, id);
create index files_specialist_idx on app_public.files (organization_id, specialist_id, id);
create index files_appointment_idx on app_public.files (organization_id, appointment_id, id);
create index files_owner_organization_idx on app_public.files (owner_organization_id, id);
create index files_surface_idx on app_public.files (organization_id, surface, status, id);
create index files_surface_type_idx on app_public.files (surface, content_type);
create index files_surface_owner_idx on app_public.files (surface, owner_kind, audience);
create index files_uploaded_by_idx on app_public.files (uploaded_by, status);
create index files_pending_idx on app_public.files (expires_at) where status = 'pending';
create index files_to_remove_idx on app_public.files (updated_at) where status in ('rejected', 'deleted') and objects_removed_at is null;
comment on table app_public.files is
  E'@behavior -query:resource:connection -query:resource:list\n'
  'A file and what it belongs to: a service, a specialist, an appointment, or the clinic itself where none of these is named. '
  'Readable exactly where its owner is, once its bytes were checked.';
-- Whatever a clinic has, or somebody sent, is no list to ask for: files are found by what they belong to.
comment on constraint files_organization_id_fkey on app_public.files is
  E'@behavior -manyRelation:resource:connection -manyRelation:resource:list';
comment on constraint files_uploaded_by_fkey on app_public.files is
  E'@behavior -manyRelation:resource:connection -manyRelation:resource:list';
comment on constraint files_owner_organization_id_fkey on app_public.files is
  E'@foreignFieldName files\n@fieldName ownerOrganization';
comment on column app_public.files.owner_organization_id is 'The clinic, where the file belongs to nothing smaller.';
comment on column app_public.files.surface is 'What kind of file it is: organization_logo, service_attachments, …';
comment on column app_public.files.sha256 is 'Of the bytes, in lower-case hex; declared by the uploader, checked at confirmation.';
comment on column app_public.files.object_key is
  E'@behavior -*\nWhere the checked bytes are: clinic, folder of the surface, file.';
comment on column app_public.files.uploaded_key is
  E'@behavior -*\nWhere the uploaded bytes are until they were checked.';
comment on column app_public.files.status is
  'pending: the bytes are awaited; confirmed: they were checked; rejected: rejection says why; deleted.';
comment on column app_public.files.rejection is
  'expired, type_mismatch, second_type (the bytes are a file of another type too), malformed, size_mismatch, digest_mismatch.';
comment on column app_public.files.expires_at is 'Until when a pending file may be uploaded and confirmed.';
comment on column app_public.files.uploaded_by is 'The principal who uploaded it.';

delete from app_private.state_transitions where entity = 'files';
insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  -- Who may is a matter of the surface, so the verbs decide it.
  ('files', '', 'pending', 'system'),
  ('files', 'pending', 'confirmed', 'system'),
  ('files', 'pending', 'rejected', 'system'),
  ('files', 'confirmed', 'deleted', 'system');
