-- Test: actions - the clinic's own words over each channel: what reaches, what the pipeline forbids, and what is refused on save. AUT-02, AUT-04, CNS-08.
begin;
select plan(40);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}', account => true);
select tests.patient('ana'), tests.patient('dan');
select tests.calendar('mondays', '{stefan}');
create function pg_temp.words(body text default 'Bună, {{patientName}}!', title text default 'Salut de la {{clinicName}}') returns jsonb language sql as $$
  select jsonb_build_object('words', jsonb_build_object(
    'ro', jsonb_strip_nulls(jsonb_build_object('title', title, 'body', body)),
    'en', jsonb_strip_nulls(jsonb_build_object('title', title, 'body', body))))
$$;

-- Refused on save, each with its path.
select is(tests.wrong_config('send_email', '{}'), '$.config.words is_missing', 'words are needed');
select is(tests.wrong_config('send_email', pg_temp.words(title => null)), '$.config.words.en.title is_missing, $.config.words.ro.title is_missing', 'a mail has a title');
select is(tests.wrong_config('send_sms', pg_temp.words()), '$.config.words.en.title property_unknown, $.config.words.ro.title property_unknown', 'an SMS has none');
select is(tests.wrong_config('send_email', pg_temp.words() #- '{words,en}'), '$.config.words.en is_missing', 'in both languages');
select is(tests.wrong_config('send_email', pg_temp.words('{{diagnosis}}')), '$.config.words.en.body variable_unknown, $.config.words.ro.body variable_unknown', 'with names that are known');
select is(tests.wrong_config('send_email', pg_temp.words(title => '{{#when}}x')), '$.config.words.en.title section_not_closed, $.config.words.ro.title section_not_closed', 'and sections that end');
select is(tests.wrong_config('send_email', pg_temp.words('{{{patientName}}}')), '$.config.words.en.body tag_malformed, $.config.words.ro.body tag_malformed', 'nothing else of mustache');
select is(tests.wrong_config('send_email', pg_temp.words('{{words}}')), '$.config.words.en.body variable_unknown, $.config.words.ro.body variable_unknown', 'nor the words themselves');
select is(tests.wrong_config('send_email', pg_temp.words('  ')), '$.config.words.en.body is_empty, $.config.words.ro.body is_empty', 'nor blanks');
select is(tests.wrong_config('send_sms', pg_temp.words('{{serviceName}}', null)), '$.config.words.en.body variable_unknown, $.config.words.ro.body variable_unknown', 'what is treated stands on no locked screen');
select is(tests.wrong_config('send_email', pg_temp.words('{{serviceName}} {{when}} {{bookingUrl}}')), 'nothing', 'but in a mail');
select is(tests.wrong_config('send_push', pg_temp.words(repeat('x', 241))), '$.config.words.en.body out_of_bounds, $.config.words.ro.body out_of_bounds', 'a notice is short');
select is(tests.wrong_config('send_email', pg_temp.words() || '{"to": "everybody"}'), '$.config.to not_offered', 'a reader who can be');
select is(tests.wrong_config('send_email', pg_temp.words() || '{"to": "staff"}'), '$.config.permission is_missing', 'staff by what they may do');
select is(tests.wrong_config('send_email', pg_temp.words() || '{"to": "staff", "permission": "world.rule"}'), '$.config.permission permission_unknown', 'which there is');
select is(tests.wrong_config('send_email', pg_temp.words() || '{"to": "specialist", "isMarketing": true}'), '$.config.isMarketing patients_only', 'only patients are advertised to');
select is(tests.wrong_config('show_notification', pg_temp.words() || '{"isMarketing": true}'), '$.config.isMarketing property_unknown', 'and in no inbox');
select is(tests.wrong_config('send_whatsapp', pg_temp.words(title => null)), '$.config whatsapp_template_missing', 'WhatsApp needs a text that was approved');

-- What reaches.
create function pg_temp.told(key text) returns text language sql as $$
  select string_agg(concat_ws(' ', channel, status, reason, coalesce((select name from tests.personas where principal_id = recipient_human_id), '')), ', ' order by id)
  from app_public.messages where template_key = key
$$;
select is(tests.acts('send_email', pg_temp.words(), 'ana'), 'done', 'a mail');
select is(tests.acts('send_email', pg_temp.words('Încă unul'), 'ana'), 'done', 'another');
select is((select count(*) from app_public.messages where template_key = 'automation_email' and status = 'queued'), 2::bigint, 'is another message');
select results_eq($$select (claimed).title, (claimed).body, (claimed).data ? 'words' from (select app_private.claim_message(id) as claimed from app_public.messages where template_key = 'automation_email' order by id limit 1) as c$$,
  $$values ('Salut de la {{clinicName}}'::text, 'Bună, {{patientName}}!'::text, false)$$, 'it leaves with the clinic''s words');
select is((select (details ->> 'messageIds')::jsonb ->> 0 from app_public.automation_executions where action = 'send_email' order by id limit 1),
  (select id::text from app_public.messages where template_key = 'automation_email' order by id limit 1), 'the outcome names it');
select is(tests.acts('show_notification', pg_temp.words(), 'ana'), 'done', 'an item of the inbox');
select is(tests.acts('send_push', pg_temp.words(), 'ana'), 'skipped unreachable', 'nothing where no browser listens');
select is(tests.acts('send_sms', pg_temp.words(title => null), 'ana'), case when (select phone is null from app_public.patient_profiles where id = tests.id('ana')) then 'skipped unreachable' else 'done' end, 'an SMS where there is a number');
update app_public.patient_profiles set phone = '+40722000111' where id = tests.id('dan');
select is(tests.acts('send_sms', pg_temp.words(title => null), 'dan'), 'done', 'an SMS');
select tests.act_as('adrian');
select lives_ok(format($$select app_public.set_whatsapp_template(%L, 'automation_whatsapp', 'ro', %L, '{recipientName}')$$, tests.id('atlas'), 'HX' || repeat('a', 32)), 'a WhatsApp text is approved');
select tests.act_as('the database');
select is(tests.acts('send_whatsapp', pg_temp.words(title => null), 'dan'), 'skipped switched_off', 'is not for who never asked for it');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('dan'), 'care', 'whatsapp', true);
select is(tests.acts('send_whatsapp', pg_temp.words(title => null), 'dan'), 'done', 'who did is sent it');
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values (tests.id('atlas'), 'whatsapp', '+40722000111', 'complaint');
select is(tests.acts('send_whatsapp', pg_temp.words(title => null), 'dan'), 'skipped suppression', 'until they complain');
select is(tests.acts('send_email', pg_temp.words() || '{"to": "staff", "permission": "patients.block"}', 'ana'), 'done', 'staff by what they may do');
select is((select array_agg((select name from tests.personas p where p.principal_id = m.recipient_human_id) order by 1) from app_public.messages m where m.recipient_human_id is not null and template_key = 'automation_email'),
  array(select distinct (select name from tests.personas p where p.principal_id = s.human_id) from app_private.staff_who_may(tests.id('atlas'), 'patients.block') as s (human_id) order by 1), 'each of them, nobody else');
select is(tests.acts('send_email', pg_temp.words() || '{"to": "specialist"}', 'ana'), 'skipped nobody_to_tell', 'no specialist without a visit');

-- What is forbidden.
select is(tests.acts('send_email', pg_temp.words() || '{"isMarketing": true}', 'ana'), 'skipped consent', 'nobody is advertised to without consent');
select tests.consent('ana', 'marketing_email');
select is(tests.acts('send_email', pg_temp.words() || '{"isMarketing": true}', 'ana'), 'done', 'with it, they are');
select tests.remember('offer', id) from app_public.messages where template_key = 'offer_email' and status = 'queued';
update app_public.consents set withdrawn_at = app_hidden.now() where purpose_code = 'marketing_email' and patient_profile_id = tests.id('ana');
select is_empty($$select from app_private.claim_message(tests.id('offer'))$$, 'withdrawn before it leaves, it does not');
select is((select status || ' ' || reason from app_public.messages where id = tests.id('offer')), 'skipped consent_missing', 'for that reason');
insert into app_private.suppressed_addresses (channel, address, reason)
select 'email', app_hidden.ascii_lower(coalesce(profiles.email, humans.email)), 'bounce' from app_public.patient_profiles as profiles left join app_public.humans on humans.principal_id = profiles.human_id where profiles.id = tests.id('ana');
select is(tests.acts('send_email', pg_temp.words(), 'ana'), 'skipped suppression', 'nor is a dead address written to');
select is(tests.acts('send_session_reminder', '{}', 'ana'), 'skipped nothing_to_come', 'nobody is reminded of nothing');
select * from finish();
rollback;
