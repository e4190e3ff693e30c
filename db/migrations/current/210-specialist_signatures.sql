-- The signature that goes onto a specialist's documents: each one stays, the newest is the one in use. SPC-04.
-- squawk-ignore ban-drop-table
drop table if exists app_public.specialist_signatures cascade;

create table app_public.specialist_signatures (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  specialist_id uuid not null,
  file_id uuid,
  path text,
  created_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint specialist_signatures_identity unique (organization_id, id),
  constraint specialist_signatures_organization_id_specialist_id_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete restrict,
  constraint specialist_signatures_organization_id_file_id_fkey foreign key (organization_id, file_id)
    references app_public.files (organization_id, id) on delete restrict,
  constraint specialist_signatures_path_is_short check (length(path) <= 65536),
  constraint specialist_signatures_strokes_have_a_picture check (path is null or file_id is not null)
);
create index specialist_signatures_newest_idx on app_public.specialist_signatures (organization_id, specialist_id, created_at, id);
create index specialist_signatures_file_idx on app_public.specialist_signatures (organization_id, file_id) where file_id is not null;
create index specialist_signatures_created_by_idx on app_public.specialist_signatures (created_by);
comment on table app_public.specialist_signatures is
  'Every signature that a specialist had: the newest is in use, and a document keeps the one that it was made with.';
comment on column app_public.specialist_signatures.file_id is 'The picture; null where the specialist has no signature from then on.';
comment on column app_public.specialist_signatures.path is 'The strokes, where they are known: M, L, C, Q, Z with their numbers.';
comment on column app_public.specialist_signatures.created_by is 'Who set it.';

alter table app_private.file_surfaces add column if not exists written_anew boolean not null default false;
comment on column app_private.file_surfaces.written_anew is
  'Whether pictures are written anew from their pixels as they are confirmed, so that a file carries nothing beside them.';

drop function if exists app_hidden.attach_upload(uuid);
drop function if exists app_hidden.upload_to_check(uuid);

-- Who uploads a file of a form without an account: the holder of a link or kiosk.
set role app_engine;
insert into app_public.principals (id, kind) values ('035d4ebd-5269-8521-809c-be9fd5897b1d', 'service_account') on conflict (id) do nothing;
reset role;
insert into app_public.service_accounts (principal_id, name) values ('035d4ebd-5269-8521-809c-be9fd5897b1d', 'links') on conflict (name) do nothing;
