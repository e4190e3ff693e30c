-- The next version of a clinic's words. FND-15.

create or replace function app_private.add_clinic_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns app_public.clinic_message_templates
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_template app_public.clinic_message_templates;
begin
  -- Two people who edit at once get two versions, not one error.
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws(':', 'clinic template', add_clinic_template.organization_id, add_clinic_template.template_key,
              add_clinic_template.channel, add_clinic_template.locale), 0));
  insert into app_public.clinic_message_templates
    (organization_id, template_key, channel, locale, version, title, body, created_by, created_at)
  select add_clinic_template.organization_id, add_clinic_template.template_key, add_clinic_template.channel,
    add_clinic_template.locale, 1 + coalesce(max(version), 0), add_clinic_template.title, add_clinic_template.body,
    app_hidden.current_principal_id(), app_hidden.now()
  from app_public.clinic_message_templates
  where organization_id = add_clinic_template.organization_id
    and template_key = add_clinic_template.template_key
    and channel = add_clinic_template.channel
    and locale = add_clinic_template.locale
  returning clinic_message_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_private.add_clinic_template is
  'Adds a version of a clinic''s words; without a body the platform''s hold again.';
grant execute on function app_private.add_clinic_template to app_engine;
