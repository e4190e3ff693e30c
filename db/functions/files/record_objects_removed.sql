-- Removing what is gone is no harm, so the sweep may be cut off anywhere before this. FND-13.

set role app_engine;

create or replace function app_private.record_objects_removed(file_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_public.files set objects_removed_at = app_hidden.now()
  where files.id = file_id and files.status in ('rejected', 'deleted') and files.objects_removed_at is null;
end;

comment on function app_private.record_objects_removed is 'The objects of this rejected or deleted file are gone.';
grant execute on function app_private.record_objects_removed to app_worker;

reset role;
