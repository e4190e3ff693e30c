-- A clinic goes back to the platform's words. FND-15.

set role app_engine;
create or replace function app_public.restore_message_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text
) returns app_public.clinic_message_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(restore_message_template.organization_id, 'message_templates.manage');
  if not exists (
    select from app_private.words_of(
      restore_message_template.organization_id, restore_message_template.template_key,
      restore_message_template.channel, restore_message_template.locale) as words
    where words.clinic_template_id is not null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_template_not_own');
  end if;
  return app_private.add_clinic_template(
    restore_message_template.organization_id, restore_message_template.template_key,
    restore_message_template.channel, restore_message_template.locale, null, null);
end;
$$;

comment on function app_public.restore_message_template is
  'Takes back the clinic''s own words: the platform''s hold again, from the next message on. Needs message_templates.manage.';
grant execute on function app_public.restore_message_template to app_member;

reset role;
