-- Test: edit_message_template, restore_message_template - a clinic's own words, version by version. FND-15.
begin;
select plan(54);
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
create function pg_temp.edit(body text, title text default null, channel text default 'sms', template text default 'appointment_booked', locale text default 'ro', clinic text default 'atlas')
returns int language sql as $$
  select (app_public.edit_message_template(tests.id(clinic), template, channel, locale, body, title)).version
$$;
create function pg_temp.tell() returns uuid language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id('atlas'), 'appointment_booked',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2050-03-08T07:00:00Z", "endsAt": "2050-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video"}',
    patient_profile_id => tests.id('ana'), calendar_uid => uuidv7());
  return (select m.id from app_public.messages m where m.channel = 'sms' and m.id = any (v_ids));
end;
$$;
create function pg_temp.leaves_with(name text) returns text language sql as $$ select body from app_private.claim_message(tests.id(name)) $$;
update app_private.channels set quiet_from = null, quiet_until = null;

select tests.act_as('adrian');
select is(pg_temp.edit('Ne vedem {{when}}! {{clinicName}}'), 1, 'the first own version');
select tests.act_as('the database');
select tests.remember('first', pg_temp.tell());
select tests.act_as('adrian');
select is(pg_temp.edit('Vă așteptăm {{when}}.{{#clinicPhone}} Tel. {{clinicPhone}}{{/clinicPhone}}'), 2, 'the second');
select tests.act_as('the database');
select tests.remember('second', pg_temp.tell());
select is(pg_temp.leaves_with('first'), 'Ne vedem {{when}}! {{clinicName}}', 'a message leaves with the words it was queued with');
select is(pg_temp.leaves_with('second'), 'Vă așteptăm {{when}}.{{#clinicPhone}} Tel. {{clinicPhone}}{{/clinicPhone}}', 'the next one with the next words');
select tests.act_as('adrian');
select results_eq(
  $$select is_own, body from app_public.message_texts(tests.id('atlas')) where template_key = 'appointment_booked' and channel = 'sms' order by locale$$,
  $$values (false, (select body from app_public.message_texts(tests.id('atlas')) where template_key = 'appointment_booked' and channel = 'sms' and locale = 'en')),
           (true, 'Vă așteptăm {{when}}.{{#clinicPhone}} Tel. {{clinicPhone}}{{/clinicPhone}}')$$,
  'the listing shows the clinic''s words where it has some');
select is((app_public.restore_message_template(tests.id('atlas'), 'appointment_booked', 'sms', 'ro')).version, 3, 'going back is a version too');
select tests.refuses($$select app_public.restore_message_template(tests.id('atlas'), 'appointment_booked', 'sms', 'ro')$$, 'NOT_FOUND', 'message_template_not_own', 'there is nothing to go back from');
select is((select bool_or(is_own) from app_public.message_texts(tests.id('atlas'))), false, 'the platform''s words hold again');
select is((select count(*) from app_public.clinic_message_templates), 3::bigint, 'and every version is there to see');
select throws_ok($$update app_public.clinic_message_templates set body = 'x'$$, '42501', null, 'none is changed');
select tests.act_as('the database');
select throws_ok($$update app_public.clinic_message_templates set body = 'x'$$, 'RX423', 'message_template_is_immutable', 'by nobody');
select throws_ok($$delete from app_public.clinic_message_templates$$, 'RX423', 'message_template_is_immutable', 'or taken away');
select tests.remember('third', pg_temp.tell());
select is((select clinic_template_id from app_public.messages where id = tests.id('third')), null, 'the next message has the platform''s words');

-- What cannot be rendered.
select tests.act_as('adrian');
select tests.refuses($$select pg_temp.edit('Diagnostic: {{diagnosis}}')$$, 'VALIDATION', 'message_text_malformed', 'a variable that the message does not have');
select tests.refuses($$select pg_temp.edit('{{serviceName}}, {{when}}')$$, 'VALIDATION', 'message_text_malformed', 'what is treated, on a locked screen');
select tests.refuses($$select pg_temp.edit('{{startsAt}}')$$, 'VALIDATION', 'message_text_malformed', 'a time as machines write it');
select tests.refuses($$select pg_temp.edit('{{#clinicPhone}}Tel. {{clinicPhone}}')$$, 'VALIDATION', 'message_text_malformed', 'a section that is not closed');
select tests.refuses($$select pg_temp.edit('{{#inPerson}}{{#clinicPhone}}x{{/inPerson}}{{/clinicPhone}}')$$, 'VALIDATION', 'message_text_malformed', 'sections that are closed crosswise');
select tests.refuses($$select pg_temp.edit('{{/clinicPhone}}')$$, 'VALIDATION', 'message_text_malformed', 'a section that was not opened');
select tests.refuses($$select pg_temp.edit('{{{clinicName}}}')$$, 'VALIDATION', 'message_text_malformed', 'three braces');
select tests.refuses($$select pg_temp.edit('{{> partial}} {{=<% %>=}}')$$, 'VALIDATION', 'message_text_malformed', 'other tags of mustache');
select tests.refuses($$select pg_temp.edit('{{clinicName')$$, 'VALIDATION', 'message_text_malformed', 'a tag that does not end');
select tests.refuses($$select pg_temp.edit(repeat('ș', 481))$$, 'VALIDATION', 'message_body_length', 'an SMS of 481 characters');
select tests.refuses($$select pg_temp.edit('  ')$$, 'VALIDATION', 'message_body_length', 'an empty one');
select tests.refuses($$select pg_temp.edit(null)$$, 'VALIDATION', 'message_body_length', 'none');
select tests.refuses($$select pg_temp.edit('x', 'A title')$$, 'VALIDATION', 'message_title_mismatch', 'an SMS with a title');
select tests.refuses($$select pg_temp.edit('x', channel => 'email')$$, 'VALIDATION', 'message_title_mismatch', 'a mail without one');
select tests.refuses($$select pg_temp.edit('x', e'a\nb', 'email')$$, 'VALIDATION', 'message_title_malformed', 'a subject of two lines');
select tests.refuses($$select pg_temp.edit('x', channel => 'pigeon')$$, 'VALIDATION', 'message_template_unknown', 'a channel that does not exist');
select tests.refuses($$select pg_temp.edit('x', template => 'booking_request_to_review')$$, 'VALIDATION', 'message_template_unknown', 'one that the message does not use');
select tests.refuses($$select pg_temp.edit('x', locale => 'fr')$$, 'VALIDATION', 'message_template_unknown', 'a language that does not exist');

-- Who may.
select tests.act_as('flavia');
select throws_ok($$select pg_temp.edit('x')$$, 'RX403', 'permission_missing', 'front desk writes no texts');
select throws_ok($$select * from app_public.message_texts(tests.id('atlas'))$$, 'RX403', 'permission_missing', 'nor reads them');
select tests.act_as('beata');
select throws_ok($$select pg_temp.edit('x')$$, 'RX404', 'not_found', 'nor does the owner of another clinic');
select is_empty($$select * from app_public.clinic_message_templates$$, 'who does not see them either');
select * from finish();
rollback;
