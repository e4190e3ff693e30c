-- In which words something is told now: the clinic's own if it has some, else the platform's. FND-15.

set role app_engine;
create or replace function app_private.words_of(organization_id uuid, template_key text, channel text, locale text)
returns table (version int, clinic_template_id uuid, title text, body text)
language sql stable security definer rows 1
set search_path = ''
as $$
  select message_templates.version, own.id,
    case when own.id is null then message_templates.title else own.title end,
    coalesce(own.body, message_templates.body)
  from app_private.message_templates
  left join lateral (
    select latest.*
    from (
      select clinic_message_templates.*
      from app_public.clinic_message_templates
      where clinic_message_templates.organization_id = words_of.organization_id
        and clinic_message_templates.template_key = words_of.template_key
        and clinic_message_templates.channel = words_of.channel
        and clinic_message_templates.locale = words_of.locale
      order by clinic_message_templates.version desc
      limit 1
    ) as latest
    where latest.body is not null -- without a body it went back to the platform's words
  ) as own on true
  where message_templates.template_key = words_of.template_key
    and message_templates.channel = words_of.channel
    and message_templates.locale = words_of.locale
  order by message_templates.version desc
  limit 1
$$;

comment on function app_private.words_of is
  'The newest words for a message on a channel in a language, and which version they are.';

reset role;
