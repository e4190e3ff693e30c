-- Templates and forms in one line each, in the way of 020-people.sql. FRM-02, FRM-04.

create or replace function tests.form_content(items jsonb, scores jsonb default '[]') returns jsonb
language sql immutable
as $$
  select jsonb_build_object('format', 1, 'title', '{"ro": "Formular", "en": "Form"}'::jsonb, 'items', form_content.items)
    || case when form_content.scores <> '[]' then jsonb_build_object('scores', form_content.scores) else '{}' end;
$$;

create or replace function tests.form_item(key text, type text, more jsonb default '{}') returns jsonb
language sql immutable
as $$
  select jsonb_build_object('key', form_item.key, 'type', form_item.type, 'label', jsonb_build_object('ro', form_item.key)) || form_item.more;
$$;

-- A template with its first version, published.
create or replace function tests.form_template(
  key text, items jsonb, scores jsonb default '[]', signature_mode text default 'none', validity_months int default null,
  clinic text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(form_template.clinic);
  v_slug text := (select o.slug from app_public.organizations o where o.id = v_clinic);
  v_content jsonb := tests.form_content(form_template.items, form_template.scores);
  v_id uuid;
  v_version uuid;
begin
  insert into app_public.form_templates (organization_id, key, name, kind, content, signature_mode, validity_months, version, published)
  values (v_clinic, form_template.key, initcap(form_template.key), 'intake', v_content, form_template.signature_mode, form_template.validity_months, 1, true)
  returning id into v_id;
  insert into app_public.form_template_versions
    (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes, validity_months)
  values (v_clinic, v_id, 1, v_content, sha256(convert_to(v_content::text, 'UTF8')), app_private.form_field_types(v_content),
          form_template.signature_mode, 'drawn', 1440, form_template.validity_months)
  returning id into v_version;
  perform tests.remember(form_template.key, v_id);
  perform tests.remember('first version of ' || form_template.key, v_version);
  perform tests.remember(form_template.key || ' at ' || v_slug, v_id);
  return v_id;
end;
$$;

comment on function tests.form_template(text, jsonb, jsonb, text, int, text) is
  'A published template of the clinic. tests.id(key) is the template, tests.id(''first version of key'') its version.';

create or replace function tests.form(name text, patient text, template text, clinic text default null, appointment text default null)
returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(form.clinic);
  v_id uuid;
begin
  insert into app_public.forms (organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot, appointment_id)
  select v_clinic, p.id, p.patient_profile_id, v.template_id, v.id, v.content,
         case when form.appointment is not null then tests.id(form.appointment) end
  from app_public.patients p
  join app_public.form_template_versions v
    on v.organization_id = v_clinic and v.template_id = tests.id(form.template) and v.number = 1
  where p.organization_id = v_clinic and p.patient_profile_id = tests.id(form.patient)
  returning id into strict v_id;
  perform tests.remember(form.name, v_id);
  return v_id;
end;
$$;

comment on function tests.form(text, text, text, text, text) is 'A form of a patient, of the first version of a template, not answered yet.';
