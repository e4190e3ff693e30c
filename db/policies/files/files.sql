-- A checked file is readable exactly where its owner row is: a policy for each kind of owner asks the owner's own, written
-- by admit_file_owners() from the rows of file_owner_kinds, with right and class of the column. Until then its uploader
-- sees the row, so that it can be uploaded and confirmed. Written by verbs only. FND-13.

select app_private.classify('app_public.files', home => 'clinic', retention => 'medical_record', classes =>
  '{"phi": ["filename", "sha256"],
    "operational": ["id", "organization_id", "surface", "audience", "owner_kind", "owner_id", "content_type", "size_bytes",
                    "object_key", "uploaded_key", "status", "rejection", "uploaded_by", "expires_at", "confirmed_at",
                    "created_at", "updated_at", "deleted_at", "objects_removed_at"]}');
select app_private.protect('app_public.files', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, surface, filename, content_type, size_bytes, sha256, object_key,
              uploaded_key, status, rejection, uploaded_by, expires_at, confirmed_at, created_at, updated_at)
   on app_public.files to app_member;

create policy files_select_uploader on app_public.files for select to app_member
  using (
    uploaded_by = (select app_hidden.current_principal_id())
    and status in ('pending', 'rejected') and deleted_at is null
    and (organization_id = any ((select app_hidden.rights('staff'))::uuid[])
         or organization_id = any ((select app_hidden.rights('patient'))::uuid[]))
  );

create policy files_select_audience on app_public.files
  as restrictive for select to app_member
  using (
    audience = 'owner_readers'
    or organization_id = any ((select app_hidden.rights('staff'))::uuid[])
  );

create or replace trigger _050_fill_owner before insert or update on app_public.files
  for each row execute function app_private.tg_files__fill_owner();

select app_private.admit_file_owners();
