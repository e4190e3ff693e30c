-- The picture of a signature that was ever in use stays: documents carry it. SPC-04.

set role app_engine;

create or replace function app_private.tg_files__keep_signatures() returns trigger
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if exists (
    select from app_public.specialist_signatures
    where specialist_signatures.organization_id = new.organization_id and specialist_signatures.file_id = new.id
  ) then
    perform app_hidden.refuse('STATE', 'signature_is_kept');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_files__keep_signatures is
  'Refuses to delete the picture of a specialist''s signature that was in use. Trigger _300_keep_signatures.';

reset role;

create or replace trigger _300_keep_signatures before update of status on app_public.files
  for each row when (new.surface = 'specialist_signatures' and new.status = 'deleted' and old.status <> 'deleted')
  execute function app_private.tg_files__keep_signatures();
