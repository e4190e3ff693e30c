-- Which objects nobody needs: no row, a row whose bytes were to go, an upload that was checked and copied. FND-13.

set role app_engine;

create or replace function app_private.stray_objects(organization_id uuid, keys text[]) returns setof text
language sql stable strict security definer
set search_path = ''
begin atomic
  select listed.key
  from unnest(stray_objects.keys) as listed (key)
  where not exists (
    select
    from app_public.files
    where files.organization_id = stray_objects.organization_id
      and files.id::text = split_part(listed.key, '/', 3)
      and case
            -- While it is pending, the check may have copied the bytes already and be about to say so.
            when files.status = 'pending' then
              listed.key in (files.uploaded_key, files.object_key)
            when files.status = 'confirmed' or (files.status = 'deleted' and files.objects_removed_at is null) then
              listed.key = files.object_key
            else false
          end
  );
end;

comment on function app_private.stray_objects is 'Those of the listed keys of a clinic that belong to no file.';
grant execute on function app_private.stray_objects to app_worker;

reset role;
