-- A checked file is readable exactly where its owner row is: a policy for each kind of owner asks the owner's own, written
-- by admit_file_owners() from the rows of file_owner_kinds, with right and class of the column. Until then its uploader
-- sees the row, so that it can be uploaded and confirmed. Written by verbs only. FND-13.

alter table app_public.files enable row level security;
alter table app_public.files force row level security;

grant select (id, organization_id, surface, filename, content_type, size_bytes, sha256, object_key,
              uploaded_key, status, rejection, uploaded_by, expires_at, confirmed_at, created_at, updated_at)
   on app_public.files to app_member;

drop policy if exists files_select_uploader on app_public.files;
create policy files_select_uploader on app_public.files
  for select to app_member
  using (
    uploaded_by = (select app_hidden.current_principal_id())
    and status in ('pending', 'rejected') and deleted_at is null
    and (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
         or organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]))
  );

drop policy if exists files_select_audience on app_public.files;
create policy files_select_audience on app_public.files
  as restrictive for select to app_member
  using (
    audience = 'owner_readers'
    or organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
  );

grant select, insert, update on app_public.files to app_engine;
drop policy if exists files_all_engine on app_public.files;
create policy files_all_engine on app_public.files
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_fill_owner before insert or update on app_public.files
  for each row execute function app_private.tg_files__fill_owner();

create or replace trigger _200_guard_state before insert or update of status on app_public.files
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.files
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.files', 'medical_record',
  '{"phi": ["filename", "sha256"],
    "operational": ["id", "organization_id", "surface", "audience", "owner_kind", "owner_id", "content_type", "size_bytes",
                    "object_key", "uploaded_key", "status", "rejection", "uploaded_by", "expires_at", "confirmed_at",
                    "created_at", "updated_at", "deleted_at", "objects_removed_at"]}');
select app_private.admit_file_owners();
