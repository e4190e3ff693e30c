-- What the renderer needs to show a message as its reader will see it. FND-15.

set role app_engine;
create or replace function app_hidden.text_to_preview(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text,
  data jsonb
) returns table (
  words_title text,
  words_body text,
  words_data jsonb,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_title text := text_to_preview.title;
  v_body text := text_to_preview.body;
  v_type app_private.message_types;
  v_unknown text;
begin
  perform app_private.require_permission(text_to_preview.organization_id, 'message_templates.manage');
  if jsonb_typeof(text_to_preview.data) <> 'object' then
    perform app_hidden.refuse('VALIDATION', 'message_data_malformed', '{"field": "data"}');
  end if;
  if text_to_preview.body is null then
    select words.title, words.body into v_title, v_body
    from app_private.words_of(
      text_to_preview.organization_id, text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale) as words;
  end if;
  perform app_private.require_text(
    text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale, v_title, coalesce(v_body, ''));

  select message_types.* into v_type from app_private.message_types where message_types.key = text_to_preview.template_key;
  select given.name into v_unknown
  from jsonb_object_keys(coalesce(text_to_preview.data, '{}')) as given (name)
  where given.name <> all (v_type.variables)
  order by given.name
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_unknown));
  end if;

  return query
  select v_title, v_body, v_type.sample || coalesce(text_to_preview.data, '{}'),
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  where organizations.id = text_to_preview.organization_id;
end;
$$;

comment on function app_hidden.text_to_preview is
  'The clinic''s words for a message, or the draft that is given, with sample data. Needs message_templates.manage.';
grant execute on function app_hidden.text_to_preview to app_member;

reset role;
