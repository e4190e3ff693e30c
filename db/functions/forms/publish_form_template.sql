-- Publishing freezes what a draft says: forms are made of it from then on, and those under way stay on theirs. What is
-- published again unchanged is no new version. FRM-02.

set role app_engine;

create or replace function app_public.publish_form_template(template_id uuid) returns app_public.form_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.form_templates;
begin
  select form_templates.* into v_template
  from app_public.form_templates
  where form_templates.id = publish_form_template.template_id
    and form_templates.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_template.organization_id, 'form_templates.manage');
  return app_private.publish_template(v_template.id);
end;
$$;

comment on function app_public.publish_form_template is
  'Publishes a template as it is drafted. Needs form_templates.manage. Unchanged, it makes no new version. CONFLICT '
  'field_type_changed where a key had another type before; purpose_unknown where a purpose is not the clinic''s to ask for. VALIDATION '
  'template_not_published where its template of documents is not published.';
grant execute on function app_public.publish_form_template to app_member;

reset role;

create or replace function app_private.publish_template(template_id uuid) returns app_public.form_templates
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template app_public.form_templates;
  v_purposes uuid[];
  v_types jsonb;
  v_changed record;
  v_version_id uuid;
  v_pdf_version_id uuid;
begin
  -- Numbers are given under the lock of the template.
  select form_templates.* into strict v_template
  from app_public.form_templates
  where form_templates.id = publish_template.template_id
  for update;
  select coalesce(array_agg(form_template_purposes.purpose_version_id order by form_template_purposes.purpose_version_id), '{}') into v_purposes
  from app_public.form_template_purposes
  where form_template_purposes.organization_id = v_template.organization_id and form_template_purposes.template_id = v_template.id;
  perform app_private.require_declared_purposes(v_template.organization_id, v_purposes);
  if v_purposes <> '{}' and v_template.signature_mode = 'none' then
    perform app_hidden.refuse('VALIDATION', 'purposes_are_signed', '{"field": "signatureMode"}');
  end if;

  v_types := app_private.form_field_types(v_template.content);
  select now_is.key, before.value #>> '{}' as was, now_is.value #>> '{}' as becomes into v_changed
  from app_public.form_template_versions as versions
  cross join lateral jsonb_each(versions.field_types) as before
  join jsonb_each(v_types) as now_is on now_is.key = before.key and now_is.value <> before.value
  where versions.organization_id = v_template.organization_id and versions.template_id = v_template.id
  order by now_is.key
  limit 1;
  if v_changed.key is not null then
    perform app_hidden.refuse('CONFLICT', 'field_type_changed', jsonb_build_object(
      'key', v_changed.key, 'from', v_changed.was, 'to', v_changed.becomes));
  end if;
  perform app_private.require_custom_fields(v_template.organization_id, v_template.content);

  if v_template.pdf_template_id is not null then
    v_pdf_version_id := (app_private.published_pdf_version(v_template.organization_id, v_template.pdf_template_id, '{form}')).id;
  end if;
  if not app_private.is_published_alike(v_template, v_purposes, v_pdf_version_id) then
    insert into app_public.form_template_versions
      (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode,
       link_expires_minutes, validity_months, pdf_version_id, published_by, published_at)
    values
      (v_template.organization_id, v_template.id, v_template.version + 1, v_template.content,
       sha256(convert_to(v_template.content::text, 'UTF8')), v_types, v_template.signature_mode, v_template.link_inner_mode,
       v_template.link_expires_minutes, v_template.validity_months, v_pdf_version_id, app_private.current_actor_id(), app_hidden.now())
    returning id into v_version_id;
    insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
    select drafted.organization_id, v_version_id, drafted.purpose_scope_id, drafted.purpose_version_id
    from app_public.form_template_purposes as drafted
    where drafted.organization_id = v_template.organization_id and drafted.template_id = v_template.id;
    v_template.version := v_template.version + 1;
  end if;
  update app_public.form_templates set version = v_template.version, published = true
  where form_templates.id = v_template.id
  returning * into v_template;
  return v_template;
end;
$$;

comment on function app_private.publish_template is
  'Publishes a template, whoever asks: the verb publish_form_template(), and the making of a clinic.';
grant execute on function app_private.publish_template to app_engine;

create or replace function app_private.is_published_alike(
  template app_public.form_templates, purpose_version_ids uuid[], pdf_version_id uuid
) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_public.form_template_versions as latest
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and (latest.content, latest.signature_mode, latest.link_inner_mode, latest.link_expires_minutes, latest.validity_months,
           latest.pdf_version_id)
        is not distinct from
        ((template).content, (template).signature_mode, (template).link_inner_mode, (template).link_expires_minutes, (template).validity_months,
         is_published_alike.pdf_version_id)
      and is_published_alike.purpose_version_ids = array(
        select declared.purpose_version_id
        from app_public.form_template_version_purposes as declared
        where declared.organization_id = latest.organization_id and declared.version_id = latest.id
        order by declared.purpose_version_id));
end;

comment on function app_private.is_published_alike is 'Whether the last version of a template says what its draft says.';
grant execute on function app_private.is_published_alike to app_engine;

-- A field of the clinic that a template reads and writes is one of its patients, published, and asked in the same way.
create or replace function app_private.require_custom_fields(organization_id uuid, content jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_item jsonb;
begin
  for v_item in select item from app_private.form_items(content) as item where item ? 'custom_field' loop
    if not exists (
      select from app_public.custom_fields
      where custom_fields.organization_id = require_custom_fields.organization_id
        and custom_fields.entity_type = 'patient' and custom_fields.system_key = v_item ->> 'custom_field'
        and custom_fields.published and custom_fields.definition ->> 'type' = v_item ->> 'type'
    ) then
      perform app_hidden.refuse('CONFLICT', 'custom_field_unknown', jsonb_build_object(
        'key', v_item ->> 'key', 'customField', v_item ->> 'custom_field', 'type', v_item ->> 'type'));
    end if;
  end loop;
end;
$$;

comment on function app_private.require_custom_fields is
  'Passes when every field of the clinic that a template names is published for patients and has the same type; else CONFLICT custom_field_unknown.';
grant execute on function app_private.require_custom_fields to app_engine;
