-- Test: message_templates - every text exists in both languages, names only what it is given, and is spelt right. FND-15.
begin;
select plan(9);
select is_empty(
  $$select message_channels.template_key, message_channels.channel, locale
    from app_private.message_channels cross join (values ('ro'), ('en')) as locales (locale)
    except select template_key, channel, locale from app_private.message_templates$$,
  'every channel of a message has words, in Romanian and in English');
select is_empty(
  $$select template_key, channel, version from app_private.message_templates
    group by template_key, channel, version having array_agg(locale order by locale) <> '{en,ro}'$$,
  'no version in one language only');
select is_empty(
  $$select message_templates.template_key, message_templates.channel, message_templates.locale, problem
    from app_private.message_templates
    join app_private.message_types on message_types.key = message_templates.template_key
    cross join lateral (
      select app_private.printable_variables(message_types.variables, message_templates.channel) as names) as printable
    cross join lateral (values (app_private.text_problem(title, names)), (app_private.text_problem(body, names))) as read (problem)
    where problem is not null$$,
  'no text names what it may not, and sections are closed');
select is_empty(
  $$select key from app_private.message_types
    where (select array_agg(name order by name) from jsonb_object_keys(sample) as name) <> (select array_agg(name order by name) from unnest(variables) as name)$$,
  'every sample has what its message has');
select is_empty(
  $$select template_key from app_private.message_templates where title || body ~ '[şţŞŢ]'$$,
  'ș and ț have a comma below, not a cedilla');
select is_empty(
  $$select template_key from app_private.message_templates where locale = 'ro' and body ~* '\m(programata|anulata|confirmata|raspunde|va rugam|buna)\M'$$,
  'Romanian is written with its letters; what an SMS saves by leaving them out is the renderer''s');
select is_empty(
  $$select template_key from (values ('booking_request_received'), ('booking_request_to_review'), ('booking_request_confirmed'),
      ('booking_request_rejected'), ('booking_request_expired'), ('appointment_booked'), ('appointment_cancelled'),
      ('organization_activated')) as used (template_key)
    except select key from app_private.message_types$$,
  'what consume_notifications tells exists');
select is_empty(
  $$select template_key from app_private.message_channels
  -- What an automation tells goes over the one channel that the clinic chose.
  where template_key !~ '^(automation|offer)_'
  group by template_key having count(*) filter (where channel = 'email' and is_default) <> 1$$,
  'everything is told by mail unless the person says otherwise');
select is_empty(
  $$select template_key from app_private.message_channels where channel = 'whatsapp' and is_default$$,
  'WhatsApp is for those who asked for it');
select * from finish();
rollback;
