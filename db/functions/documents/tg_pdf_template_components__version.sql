-- Every save of what a component says is a version, which published templates keep. DOC-01.

set role app_engine;

create or replace function app_private.tg_pdf_template_components__version() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_public.pdf_template_component_versions (organization_id, component_id, number, editor_state, saved_by, saved_at)
  values (new.organization_id, new.id, new.version, new.editor_state, app_private.current_actor_id(), app_hidden.now());
  return null;
end;
$$;

comment on function app_private.tg_pdf_template_components__version is 'Writes the version of a component that was saved. Trigger _700_version.';

reset role;
