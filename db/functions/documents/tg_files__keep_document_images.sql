-- A picture that a template or a component ever showed stays: documents that were issued carry it. DOC-01.

set role app_engine;

create or replace function app_private.tg_files__keep_document_images() returns trigger
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if exists (
    select from app_public.pdf_templates as shown
    where shown.organization_id = new.organization_id and strpos(shown.editor_state::text, new.id::text) > 0
  ) or exists (
    select from app_public.pdf_template_versions as shown
    where shown.organization_id = new.organization_id and strpos(shown.editor_state::text, new.id::text) > 0
  ) or exists (
    select from app_public.pdf_template_component_versions as shown
    where shown.organization_id = new.organization_id and strpos(shown.editor_state::text, new.id::text) > 0
  ) then
    perform app_hidden.refuse('STATE', 'image_is_kept');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_files__keep_document_images is
  'Refuses to delete a picture that a template of documents shows or showed. Trigger _300_keep_document_images.';

reset role;

create or replace trigger _300_keep_document_images before update of status on app_public.files
  for each row when (new.surface = 'document_images' and new.status = 'deleted' and old.status <> 'deleted')
  execute function app_private.tg_files__keep_document_images();
