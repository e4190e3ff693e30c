-- Test: edit_message_template, text_to_preview, printable_variables, words_of - a text fits its message, its channel and
-- its clinic; a preview shows what would be sent. FND-15.
begin;
select plan(48);
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
update app_public.organizations set street = 'Strada Lungă 1', city = 'Cluj-Napoca' where id = tests.id('atlas');
create function pg_temp.edit(body text, title text default null, channel text default 'sms', template text default 'appointment_booked', locale text default 'ro', clinic text default 'atlas')
returns int language sql as $$
  select (app_public.edit_message_template(tests.id(clinic), template, channel, locale, body, title)).version
$$;
create function pg_temp.detail(statement text) returns text language plpgsql as $$
declare v_detail text;
begin
  execute statement;
  return 'nothing';
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail;
end;
$$;
create function pg_temp.words(channel text default 'sms', template text default 'appointment_booked', locale text default 'ro', clinic text default 'atlas') returns text language sql security definer as $$
  select string_agg(coalesce(title || ': ', '') || body, ' | ') from app_private.words_of(tests.id(clinic), template, channel, locale)
$$;
create function pg_temp.platforms(channel text, template text default 'appointment_booked', locale text default 'ro') returns text language sql security definer as $$
  select coalesce(title || ': ', '') || body from app_private.message_templates m
  where m.template_key = platforms.template and m.channel = platforms.channel and m.locale = platforms.locale order by version desc limit 1
$$;
create function pg_temp.preview(title text default null, body text default null, data jsonb default null, template text default 'appointment_booked', channel text default 'sms', clinic text default 'atlas')
returns table (words_title text, words_body text, words_data jsonb, clinic_name text, clinic_email text, clinic_phone text, clinic_address text) language sql as $$
  select * from app_hidden.text_to_preview(tests.id(clinic), template, channel, 'ro', title, body, data)
$$;

-- What a text may name.
select is(app_private.printable_variables('{startsAt,endsAt,timezone,modality,respondBy,serviceName,specialistName,reason,guestName}', 'email'),
  '{clinicAddress,clinicEmail,clinicName,clinicPhone,guestName,inPerson,phone,reason,recipientName,respondByWhen,serviceName,specialistName,video,when}', 'a letter names everything, times as people write them');
select is(app_private.printable_variables('{startsAt,endsAt,timezone,modality,respondBy,serviceName,specialistName,reason,guestName}', channel),
  '{clinicAddress,clinicEmail,clinicName,clinicPhone,guestName,inPerson,phone,recipientName,respondByWhen,video,when}', channel || ' never what is treated, by whom or why')
from (values ('sms'), ('whatsapp'), ('push')) as c (channel);
select is(app_private.printable_variables('{reason}', 'in_app'), '{clinicAddress,clinicEmail,clinicName,clinicPhone,reason,recipientName}', 'a message without a time has no time to print');

-- How a text is read.
select results_eq(
  $$select app_private.text_problem(text, '{when,reason}') from (values
      ('{{when}} {{#reason}}{{reason}}{{/reason}}{{^reason}}-{{/reason}} {{ when }}'), ('{{who}}'), ('{{#who}}{{/who}}'), ('{{/when}}'), ('{{#when}}{{/reason}}'), ('{{#when}}{{#reason}}{{/when}}{{/reason}}'),
      ('{{^when}}'), ('{{#when}}{{#reason}}{{/reason}}'), ('{when}'), ('}'), ('{{{when}}}')) as t (text)$$,
  $$values (null::jsonb), ('{"problem": "variable_unknown", "variable": "who", "legal": ["when", "reason"]}'), ('{"problem": "variable_unknown", "variable": "who", "legal": ["when", "reason"]}'),
      ('{"problem": "section_not_open", "variable": "when"}'), ('{"problem": "section_not_open", "variable": "reason"}'), ('{"problem": "section_not_open", "variable": "when"}'),
      ('{"problem": "section_not_closed", "variable": "when"}'), ('{"problem": "section_not_closed", "variable": "when"}'),
      ('{"problem": "tag_malformed"}'), ('{"problem": "tag_malformed"}'), ('{"problem": "tag_malformed"}')$$,
  'names, sections that close in order, and no other braces');

-- Lengths and titles.
select tests.act_as('adrian');
select is(pg_temp.edit(repeat('ș', 480)), 1, 'an SMS of 480 characters');
select is(pg_temp.edit(repeat('ș', 480), channel => 'whatsapp'), 1, 'as many over WhatsApp, which counts its own versions');
select throws_ok($$select pg_temp.edit(repeat('ș', 481), channel => 'whatsapp')$$, 'RX400', 'message_body_length', 'and no more');
select is(pg_temp.edit(repeat('ș', 240), 'Titlu', 'push'), 1, 'a notice of 240');
select throws_ok($$select pg_temp.edit(repeat('ș', 241), 'Titlu', 'push')$$, 'RX400', 'message_body_length', 'and no more');
select throws_ok($$select pg_temp.edit('x', channel => 'push')$$, 'RX400', 'message_title_mismatch', 'under a title');
select is(pg_temp.edit(repeat('x', 20000), repeat('T', 200), 'email'), 1, 'a letter of 20000, its subject of 200');
select throws_ok($$select pg_temp.edit(repeat('x', 20001), 'T', 'email')$$, 'RX400', 'message_body_length', 'a longer letter');
select throws_ok($$select pg_temp.edit('x', repeat('T', 201), 'email')$$, 'RX400', 'message_title_malformed', 'a longer subject');
select throws_ok($$select pg_temp.edit('x', '  ', 'email')$$, 'RX400', 'message_title_malformed', 'an empty one');
select is(pg_temp.detail($$select pg_temp.edit('x', channel => 'email')$$)::jsonb, '{"field": "title", "channel": "email"}', 'who forgets it is told which channel shows one');
select is(pg_temp.detail($$select pg_temp.edit('x', 'T')$$)::jsonb, '{"field": "title", "channel": "sms"}', 'who gives one too many is told which shows none');
select throws_ok($$select pg_temp.edit('x', '{{diagnosis}}', 'email')$$, 'RX400', 'message_text_malformed', 'a subject names no more than a body may');
select throws_ok($$select pg_temp.edit('{{reason}}', 'T', 'email')$$, 'RX400', 'message_text_malformed', 'a booking has no reason');
select is(pg_temp.edit('{{reason}}', 'T', 'email', 'appointment_cancelled'), 1, 'a cancellation has one');
select is(pg_temp.edit('{{guestName}}', 'T', 'email', 'booking_request_to_review'), 1, 'each message names what it is given');
select is(pg_temp.edit('In English', locale => 'en'), 1, 'each language has its versions');
select is(pg_temp.edit('Pe scurt'), 2, 'and goes on counting for itself');
select tests.act_as('beata');
select is(pg_temp.edit('La Boreal', clinic => 'boreal'), 1, 'and so does each clinic');

-- Which words hold.
select is(pg_temp.words(), 'Pe scurt', 'the newest own words');
select is(pg_temp.words(locale => 'en'), 'In English', 'of the language');
select is(pg_temp.words(clinic => 'boreal'), 'La Boreal', 'of the clinic');
select is(pg_temp.words('email', 'appointment_cancelled'), 'T: {{reason}}', 'of the message, with their own title');
select is(pg_temp.words('in_app'), pg_temp.platforms('in_app'), 'where it has none, the platform''s');
select is(pg_temp.words('sms', 'appointment_cancelled'), pg_temp.platforms('sms', 'appointment_cancelled'), '… of this message and channel');
select is(pg_temp.words('email', 'appointment_cancelled', 'en'), pg_temp.platforms('email', 'appointment_cancelled', 'en'), '… in this language');
select tests.act_as('adrian');
select app_public.restore_message_template(tests.id('atlas'), 'appointment_booked', 'sms', 'ro');
select is(pg_temp.words(), pg_temp.platforms('sms'), 'what was taken back holds no more');
select tests.act_as('flavia');
select throws_ok($$select app_public.restore_message_template(tests.id('atlas'), 'appointment_booked', 'sms', 'en')$$, 'RX403', 'permission_missing', 'the front desk takes nothing back');
select tests.act_as('beata');
select throws_ok($$select app_public.restore_message_template(tests.id('atlas'), 'appointment_booked', 'sms', 'en')$$, 'RX404', 'not_found', 'nor does another clinic');

-- WhatsApp.
select tests.act_as('flavia');
select throws_ok($$select app_public.set_whatsapp_template(tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('x'), '{when}')$$, 'RX403', 'permission_missing', 'the front desk names no text of WhatsApp');
select tests.act_as('adrian');
select throws_ok($$select app_public.set_whatsapp_template(tests.id('atlas'), 'organization_activated', 'ro', 'HX' || md5('x'), '{clinicName}')$$, 'RX400', 'message_template_unknown', 'none where WhatsApp is not used');
select throws_ok($$select app_public.set_whatsapp_template(tests.id('atlas'), 'love_letter', 'ro', 'HX' || md5('x'), '{clinicName}')$$, 'RX400', 'message_template_unknown', 'nor of no message');
select throws_ok($$select app_public.set_whatsapp_template(tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('x'), '{when,respondByWhen}')$$, 'RX400', 'message_variables_mismatch', 'it is filled in with what this message has');

-- A preview.
select tests.act_as('flavia');
select throws_ok('select * from pg_temp.preview()', 'RX403', 'permission_missing', 'the front desk previews nothing');
select tests.act_as('beata');
select throws_ok('select * from pg_temp.preview()', 'RX404', 'not_found', 'nor does another clinic');
select tests.act_as('adrian');
select results_eq($$select words_title, words_body, clinic_name, clinic_email, clinic_address from pg_temp.preview(channel => 'push')$$,
  $$values ('Titlu', repeat('ș', 240), 'Atlas', 'contact@atlas.test', 'Strada Lungă 1, Cluj-Napoca')$$, 'the words that hold, and whose they are');
select results_eq($$select words_title, words_body from pg_temp.preview('Draft', 'A draft {{when}}', channel => 'push')$$, $$values ('Draft', 'A draft {{when}}')$$, 'or a draft');
select throws_ok($$select * from pg_temp.preview(body => '{{diagnosis}}')$$, 'RX400', 'message_text_malformed', 'that could be saved');
select throws_ok($$select * from pg_temp.preview(channel => 'pigeon')$$, 'RX400', 'message_template_unknown', 'of a message that there is');
select results_eq($$select words_data ->> 'serviceName', words_data ? 'startsAt', words_data ? 'reason' from pg_temp.preview(data => '{"serviceName": "Masaj"}')$$, $$values ('Masaj', true, false)$$,
  'with the sample of this message, and what is given instead of it');
select throws_ok($$select * from pg_temp.preview(data => '{"diagnosis": "x"}')$$, 'RX400', 'message_variables_mismatch', 'where the message has it');
select throws_ok($$select * from pg_temp.preview(data => '["x"]')$$, 'RX400', 'message_data_malformed', 'by name');
select * from finish();
rollback;
