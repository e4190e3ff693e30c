-- The templates of documents that the product brings, for one clinic, published with their components: to use at once, and to
-- change. What the clinic has by a key stays as it is. DOC-01.

create or replace function app_private.give_predefined_documents(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template_id uuid;
  v_names jsonb;
begin
  -- Two at once would both find nothing.
  perform from app_public.organizations
  where organizations.id = give_predefined_documents.organization_id
  for no key update;

  insert into app_public.pdf_template_components (organization_id, key, kind, title, editor_state)
  select give_predefined_documents.organization_id, predefined.key, predefined.kind, predefined.title, predefined.editor_state
  from app_private.predefined_pdf_templates as predefined
  where predefined.kind in ('letterhead', 'footer', 'signature')
  on conflict on constraint pdf_template_components_key_is_unique do nothing;
  select jsonb_object_agg(component.key, jsonb_build_object('component', component.id)) into v_names
  from app_public.pdf_template_components as component
  where component.organization_id = give_predefined_documents.organization_id;

  for v_template_id in
    insert into app_public.pdf_templates (organization_id, key, kind, title, locale, editor_state)
    select give_predefined_documents.organization_id, predefined.key, predefined.kind, predefined.title, predefined.locale,
           app_private.with_components(predefined.editor_state, v_names)
    from app_private.predefined_pdf_templates as predefined
    where predefined.kind in ('report', 'prescription', 'form')
    on conflict on constraint pdf_templates_key_is_unique do nothing
    returning pdf_templates.id
  loop
    perform app_private.publish_pdf(v_template_id);
  end loop;
end;
$$;

comment on function app_private.give_predefined_documents is
  'Adds and publishes the product''s templates of documents that the clinic does not have, with their components.';
grant execute on function app_private.give_predefined_documents to app_engine;

create or replace function app_private.with_components(node jsonb, parts jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  case jsonb_typeof(node)
    when 'object' then
      return coalesce((
        select jsonb_object_agg(member.key, app_private.with_components(member.value, parts)) from jsonb_each(node) as member), '{}')
        || coalesce(parts -> (node ->> 'component'), '{}');
    when 'array' then
      return coalesce((
        select jsonb_agg(app_private.with_components(entry.value, parts) order by entry.place)
        from jsonb_array_elements(node) with ordinality as entry (value, place)), '[]');
    else
      return node;
  end case;
end;
$$;

comment on function app_private.with_components is
  'The blocks with what parts says added to each that names a component: {"<component>": {"component": "<id>"}} or {"<id>": {"blocks": […]}}.';
grant execute on function app_private.with_components to app_engine;
