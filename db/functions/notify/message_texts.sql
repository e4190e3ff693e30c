-- What a clinic's messages say now, to choose from and to edit. FND-15.

set role app_engine;
create or replace function app_public.message_texts(organization_id uuid)
returns table (
  template_key text,
  topic text,
  channel text,
  locale text,
  is_own boolean,
  title text,
  body text,
  variables text[]
)
language plpgsql stable strict security definer rows 60
set search_path = ''
as $$
begin
  perform app_private.require_permission(message_texts.organization_id, 'message_templates.manage');
  return query
  select message_types.key, message_types.topic, message_channels.channel, locales.locale,
    words.clinic_template_id is not null, words.title, words.body,
    app_private.printable_variables(message_types.variables, message_channels.channel)
  from app_private.message_types
  join app_private.message_channels on message_channels.template_key = message_types.key
  cross join (values ('ro'), ('en')) as locales (locale)
  cross join lateral app_private.words_of(
    message_texts.organization_id, message_types.key, message_channels.channel, locales.locale) as words
  where 'words' <> all (message_types.variables)
  order by message_types.key, message_channels.channel, locales.locale;
end;
$$;

comment on function app_public.message_texts is
  E'@nullable title\n@longestPage 500\nThe words of every message of the clinic, its own where it has some, and the names each may use. '
  'Needs message_templates.manage.';
grant execute on function app_public.message_texts to app_member;

reset role;
