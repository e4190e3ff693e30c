-- Publishing freezes what the draft of a template says, with the present version of each component that it names: documents are
-- made of it from then on, and those under way stay on theirs. What is published again unchanged is no new version. DOC-01.

set role app_engine;

create or replace function app_public.publish_pdf_template(template_id uuid) returns app_public.pdf_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.pdf_templates;
begin
  select pdf_templates.* into v_template
  from app_public.pdf_templates
  where pdf_templates.id = publish_pdf_template.template_id;
  -- What is not there is nobody's clinic: NOT_FOUND as for a stranger.
  perform app_private.require_permission(v_template.organization_id, 'document_templates.manage');
  return app_private.publish_pdf(v_template.id);
end;
$$;

comment on function app_public.publish_pdf_template is
  'Publishes a template of documents as it is drafted, with the present versions of its letterhead, footer and signature. Needs '
  'document_templates.manage. Unchanged, it makes no new version.';
grant execute on function app_public.publish_pdf_template to app_member;

reset role;

create or replace function app_private.publish_pdf(template_id uuid) returns app_public.pdf_templates
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template app_public.pdf_templates;
  v_version_id uuid;
begin
  -- Numbers are given under the lock of the template.
  select pdf_templates.* into strict v_template
  from app_public.pdf_templates
  where pdf_templates.id = publish_pdf.template_id
  for update;
  if not app_private.is_pdf_published_alike(v_template) then
    insert into app_public.pdf_template_versions
      (organization_id, template_id, number, kind, title, locale, editor_state, layout_config, published_by, published_at)
    values (v_template.organization_id, v_template.id, v_template.version + 1, v_template.kind, v_template.title, v_template.locale,
            v_template.editor_state, v_template.layout_config, app_private.current_actor_id(), app_hidden.now())
    returning id into v_version_id;
    insert into app_public.pdf_template_version_components (organization_id, version_id, component_id, component_version_id)
    select v_template.organization_id, v_version_id, named.component_id, named.component_version_id
    from app_private.components_named(v_template.organization_id, v_template.editor_state) as named;
    v_template.version := v_template.version + 1;
  end if;
  update app_public.pdf_templates set version = v_template.version, published = true
  where pdf_templates.id = v_template.id
  returning * into v_template;
  return v_template;
end;
$$;

comment on function app_private.publish_pdf is
  'Publishes a template of documents, whoever asks: the verb publish_pdf_template(), and the making of a clinic.';
grant execute on function app_private.publish_pdf to app_engine;

create or replace function app_private.components_named(organization_id uuid, editor_state jsonb)
returns table (component_id uuid, component_version_id uuid, editor_state jsonb)
language sql stable
set search_path = ''
begin atomic
  select version.component_id, version.id, version.editor_state
  from app_public.pdf_template_components as component
  join app_public.pdf_template_component_versions as version
    on version.organization_id = component.organization_id and version.component_id = component.id and version.number = component.version
  where component.organization_id = components_named.organization_id
    and component.id::text in (
      select named #>> '{}' from jsonb_path_query(components_named.editor_state, 'strict $.** ? (@.type() == "object" && exists(@.component)).component') as named);
end;

comment on function app_private.components_named is 'The components that a template names, with the present version of each.';
grant execute on function app_private.components_named to app_engine;

create or replace function app_private.is_pdf_published_alike(template app_public.pdf_templates) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_public.pdf_template_versions as latest
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and (latest.title, latest.locale, latest.editor_state, latest.layout_config)
        = ((template).title, (template).locale, (template).editor_state, (template).layout_config)
      and array(
        select pinned.component_version_id
        from app_public.pdf_template_version_components as pinned
        where pinned.organization_id = latest.organization_id and pinned.version_id = latest.id
        order by pinned.component_version_id)
        = array(
        select named.component_version_id
        from app_private.components_named((template).organization_id, (template).editor_state) as named
        order by named.component_version_id));
end;

comment on function app_private.is_pdf_published_alike is 'Whether the last version of a template of documents says what its draft says, components included.';
grant execute on function app_private.is_pdf_published_alike to app_engine;
