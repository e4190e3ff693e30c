-- How many uploads somebody may have open, and how many files a row may hold. The lock makes two at once count each
-- other. FND-13, FND-27.

create or replace function app_private.require_upload_allowance(
  surface app_private.file_surfaces, organization_id uuid, owner_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_open_most constant int := 50;
  v_principal_id uuid := app_hidden.current_principal_id();
begin
  perform pg_advisory_xact_lock(hashtextextended('uploads of ' || v_principal_id, 0));
  if (select count(*) from app_public.files
      where files.uploaded_by = v_principal_id and files.status = 'pending'
        -- Everybody who holds a link uploads by one account: theirs are counted for the form.
        and (app_hidden.current_link_form_id() is null or files.owner_id = require_upload_allowance.owner_id)) >= v_open_most then
    perform app_hidden.refuse('CONFLICT', 'too_many_open_uploads', jsonb_build_object('most', v_open_most));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('files of ' || surface.key || owner_id, 0));
  -- Where the newest replaces, there is always room for it.
  if surface.max_files > 1 and (
    select count(*) from app_public.files
    where files.organization_id = require_upload_allowance.organization_id
      and files.surface = (require_upload_allowance.surface).key
      and files.owner_id = require_upload_allowance.owner_id
      and files.status in ('pending', 'confirmed')
  ) >= surface.max_files then
    perform app_hidden.refuse('CONFLICT', 'too_many_files', jsonb_build_object('most', surface.max_files));
  end if;
end;
$$;

comment on function app_private.require_upload_allowance is
  'Passes while the caller has few uploads open and the owner row few files; else CONFLICT too_many_open_uploads or too_many_files.';
grant execute on function app_private.require_upload_allowance to app_engine;
