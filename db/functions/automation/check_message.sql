-- Words that can be written: every name in them is known on their channel, so nothing fails as a message leaves. AUT-02, AUT-04.

create or replace function app_private.check_message(organization_id uuid, config jsonb, channel text)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_key text := case when (config -> 'isMarketing')::boolean then 'offer_' else 'automation_' end || channel;
begin
  return query
    select concat_ws('.', '$.words', written.locale, written.part), v_problem ->> 'problem', v_problem - 'problem'
    from (
      select languages.locale, parts.part, parts.text
      from jsonb_each(config -> 'words') as languages (locale, words)
      cross join lateral jsonb_each_text(languages.words) as parts (part, text)
    ) as written
    join app_private.message_types on message_types.key = v_key
    cross join lateral app_private.text_problem(
      written.text, app_private.printable_variables(message_types.variables, check_message.channel)) as v_problem
    where v_problem is not null
    union all
    select concat_ws('.', '$.words', languages.locale, parts.part), 'is_empty', '{}'::jsonb
    from jsonb_each(config -> 'words') as languages (locale, words)
    cross join lateral jsonb_each_text(languages.words) as parts (part, text)
    where btrim(parts.text) = '' or parts.part = 'title' and parts.text ~ '[[:cntrl:]]'
    union all
    select '$.isMarketing', 'patients_only', '{}'::jsonb
    where (config -> 'isMarketing')::boolean and coalesce(config ->> 'to', 'patient') <> 'patient'
    union all
    select '$.permission', case when config ? 'permission' then 'permission_unknown' else 'is_missing' end, '{}'::jsonb
    where config ->> 'to' = 'staff'
      and not exists (select from app_public.permissions where permissions.name = config ->> 'permission')
    union all
    select '$', 'whatsapp_template_missing', jsonb_build_object('template', v_key)
    where check_message.channel = 'whatsapp'
      and not exists (
        select from app_public.whatsapp_templates
        where whatsapp_templates.organization_id = check_message.organization_id and whatsapp_templates.template_key = v_key);
end;
$$;

comment on function app_private.check_message is
  'What is wrong with the words, the reader or the kind of a message that an automation sends, each with its path.';
grant execute on function app_private.check_message to app_engine;
