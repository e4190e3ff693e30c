-- A clinic says something in its own words. FND-15.
-- An edit is a new version; what is queued keeps the words it was queued with.

set role app_engine;
create or replace function app_public.edit_message_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  body text,
  title text default null
) returns app_public.clinic_message_templates
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(edit_message_template.organization_id, 'message_templates.manage');
  perform app_private.require_text(
    edit_message_template.template_key, edit_message_template.channel, edit_message_template.locale,
    edit_message_template.title, coalesce(edit_message_template.body, ''));
  return app_private.add_clinic_template(
    edit_message_template.organization_id, edit_message_template.template_key, edit_message_template.channel,
    edit_message_template.locale, edit_message_template.title, edit_message_template.body);
end;
$$;

comment on function app_public.edit_message_template is
  'Replaces the words of a message on a channel in a language, for this clinic, from the next message on. Needs '
  'message_templates.manage. VALIDATION names the unknown variable or the section that is not closed.';
grant execute on function app_public.edit_message_template to app_member;

reset role;
