-- Whose bytes can go: rejected uploads, and deleted files after thirty days. FND-13.

set role app_engine;

create or replace function app_private.objects_to_remove()
returns table (file_id uuid, organization_id uuid, keys text[])
language sql stable security definer
set search_path = ''
begin atomic
  select files.id, files.organization_id,
         array[files.uploaded_key, files.object_key]
  from app_public.files
  where files.status in ('rejected', 'deleted') and files.objects_removed_at is null
    -- An upload URL is good for minutes: what comes in after the rejection is gone with the rest.
    and files.updated_at < app_hidden.now() - case files.status when 'rejected' then interval '1 hour' else interval '30 days' end
  order by files.updated_at
  limit 200;
end;

comment on function app_private.objects_to_remove is 'The next 200 files whose objects are to be removed, with the keys.';
grant execute on function app_private.objects_to_remove to app_worker;

reset role;
