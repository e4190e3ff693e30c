-- A text fits its message and its channel, or it is refused. FND-15.

create or replace function app_private.require_text(
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_names text[];
  v_problem jsonb;
  v_longest int := case when require_text.channel in ('sms', 'whatsapp') then 480 when require_text.channel = 'push' then 240 else 20000 end;
begin
  select app_private.printable_variables(message_types.variables, require_text.channel) into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = require_text.channel
  where message_types.key = require_text.template_key and require_text.locale in ('ro', 'en')
    -- Those bring their words with them.
    and 'words' <> all (message_types.variables);
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_template_unknown',
      jsonb_build_object('template', require_text.template_key, 'channel', require_text.channel, 'locale', require_text.locale));
  end if;

  if (require_text.title is null) <> (require_text.channel in ('sms', 'whatsapp')) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_title_mismatch', jsonb_build_object('field', 'title', 'channel', require_text.channel));
  end if;
  if require_text.title ~ '[[:cntrl:]]' or length(btrim(require_text.title)) not between 1 and 200 then
    perform app_hidden.refuse('VALIDATION', 'message_title_malformed', '{"field": "title", "most": 200}');
  end if;
  if length(btrim(require_text.body)) = 0 or length(require_text.body) > v_longest then
    perform app_hidden.refuse(
      'VALIDATION', 'message_body_length', jsonb_build_object('field', 'body', 'least', 1, 'most', v_longest));
  end if;

  v_problem := coalesce(
    app_private.text_problem(require_text.title, v_names) || '{"field": "title"}',
    app_private.text_problem(require_text.body, v_names) || '{"field": "body"}');
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_text_malformed', v_problem);
  end if;
end;
$$;

comment on function app_private.require_text is
  'Refuses a text for an unknown message, channel or language, of a wrong length, or that names what the message does not have.';
grant execute on function app_private.require_text to app_engine;
