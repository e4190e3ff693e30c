-- Test: set_notification_preference, set_quiet_hours - by the person and who cares for them, by nobody else. FND-15, FND-07.
begin;
select plan(37);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.patient('carmen', account => false, birth_date => '2018-05-17');
select tests.caregiver('corina', 'carmen');

select tests.act_as('ana');
select lives_ok($$select app_public.set_notification_preference('appointments', 'sms', false)$$, 'for oneself');
select lives_ok($$select app_public.set_notification_preference('appointments', 'sms', true)$$, 'again, the other way');
select results_eq($$select human_id, patient_profile_id, topic, channel, is_enabled from app_public.notification_preferences$$,
  $$values ((select human_id from app_public.patient_profiles), null::uuid, 'appointments', 'sms', true)$$, 'the last word counts');
select lives_ok($$select app_public.set_notification_preference('appointments', 'push', false, tests.id('ana'))$$, 'for oneself as a patient');
select lives_ok($$select app_public.set_quiet_hours('22:30', '07:00', 'Europe/London')$$, 'quiet hours where one lives');
select results_eq($$select quiet_from, quiet_until, timezone from app_public.quiet_hours$$, $$values ('22:30'::time, '07:00'::time, 'Europe/London')$$, 'as one set them');

select tests.act_as('corina');
select is_empty($$select * from app_public.notification_preferences$$, 'nobody sees what others want');
select lives_ok($$select app_public.set_notification_preference('appointments', 'sms', false, tests.id('carmen'))$$, 'a mother for her child');
select lives_ok($$select app_public.set_quiet_hours('19:00', '09:00', 'Europe/Bucharest', tests.id('carmen'))$$, 'and when it sleeps');
select is((select count(*) from app_public.notification_preferences where patient_profile_id = tests.id('carmen')), 1::bigint, 'she sees it');
select tests.refuses($$select app_public.set_notification_preference('appointments', 'sms', false, tests.id('ana'))$$, 'NOT_FOUND', 'not_found', 'not for a stranger');
select tests.act_as('bogdan');
select tests.refuses($$select app_public.set_quiet_hours('19:00', '09:00', 'Europe/Bucharest', tests.id('carmen'))$$, 'NOT_FOUND', 'not_found', 'nor may a stranger');

select tests.act_as('olga');
select tests.refuses($$select app_public.set_notification_preference('appointments', 'sms', true, tests.id('ana'))$$, 'NOT_FOUND', 'not_found', 'the owner of the clinic switches nothing on for a patient');
select is_empty($$select * from app_public.notification_preferences$$, 'nor sees what they switched');
select is_empty($$select * from app_public.quiet_hours$$, 'nor when they sleep');
select throws_ok($$update app_public.notification_preferences set is_enabled = true$$, '42501', null, 'nor past the verb');
select throws_ok($$delete from app_public.quiet_hours$$, '42501', null, 'nor that');

select tests.act_as('ana');
select tests.refuses($$select app_public.set_notification_preference('gossip', 'sms', true)$$, 'VALIDATION', 'message_topic_unknown', 'a topic that does not exist');
select tests.refuses($$select app_public.set_notification_preference('appointments', 'pigeon', true)$$, 'VALIDATION', 'message_channel_unknown', 'a channel that does not exist');
select tests.refuses($$select app_public.set_notification_preference('appointments', 'sms', null)$$, 'VALIDATION', 'notification_preference_says_nothing', 'neither yes nor no');
select throws_ok($$select app_public.set_quiet_hours(null, '08:00', 'Europe/Bucharest')$$, 'RX400', 'quiet_hours_have_both_ends', 'hours without a beginning');
select tests.refuses($$select app_public.set_quiet_hours('22:00', null, 'Europe/Bucharest')$$, 'VALIDATION', 'quiet_hours_have_both_ends', 'hours without an end');
select tests.refuses($$select app_public.set_quiet_hours('22:00', '08:00', 'Europe/Klausenburg')$$, 'VALIDATION', 'timezone_unknown', 'a zone that does not exist');

select tests.act_as('the database');
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('corina for carmen');
update app_public.principals set disabled_at = app_hidden.now() where id = (select human_id from app_public.patient_profiles where id = tests.id('ana'));
select tests.act_as('corina');
select is_empty($$select * from app_public.notification_preferences$$, 'who no longer cares for a child no longer sees its wishes');
select tests.refuses($$select app_public.set_notification_preference('appointments', 'sms', true, tests.id('carmen'))$$, 'NOT_FOUND', 'not_found', 'nor changes them');
select tests.act_as('ana');
select tests.refuses($$select app_public.set_notification_preference('appointments', 'sms', true)$$, 'UNAUTHENTICATED', 'not_signed_in', 'a closed account wants nothing');
select tests.act_as('a visitor');
select throws_ok($$select app_public.set_notification_preference('appointments', 'sms', true)$$, '42501', null, 'nor does a visitor');
select * from finish();
rollback;
