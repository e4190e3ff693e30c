-- A clinic names the text that WhatsApp approved for its sender. FND-15.

set role app_engine;
create or replace function app_public.set_whatsapp_template(
  organization_id uuid,
  template_key text,
  locale text,
  content_sid text,
  variables text[]
) returns app_public.whatsapp_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_names text[];
  v_unknown text;
  v_template app_public.whatsapp_templates;
begin
  perform app_private.require_permission(set_whatsapp_template.organization_id, 'message_templates.manage');
  select app_private.printable_variables(message_types.variables, 'whatsapp') into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = 'whatsapp'
  where message_types.key = set_whatsapp_template.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', set_whatsapp_template.template_key, 'channel', 'whatsapp'));
  end if;
  select coalesce(given.name, '') into v_unknown
  from unnest(set_whatsapp_template.variables) as given (name)
  where given.name is null or given.name <> all (v_names)
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'message_variables_mismatch',
      jsonb_build_object('field', 'variables', 'variable', v_unknown, 'legal', to_jsonb(v_names)));
  end if;

  insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
  values (set_whatsapp_template.organization_id, set_whatsapp_template.template_key, set_whatsapp_template.locale,
          set_whatsapp_template.content_sid, set_whatsapp_template.variables)
  on conflict on constraint whatsapp_templates_pkey do update
    set content_sid = excluded.content_sid, variables = excluded.variables
  returning whatsapp_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_public.set_whatsapp_template is
  'Names the approved WhatsApp text of a message in a language, and what stands for its {{1}}, {{2}} and so on. Needs '
  'message_templates.manage.';
grant execute on function app_public.set_whatsapp_template to app_member;

reset role;
