-- Test: ways_to_reach - consent, suppression, preference and quiet hours, in this order, for everybody alike. FND-15.
begin;
select plan(27);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.patient('boris', 'boreal');
insert into app_private.message_types (key, topic, variables, sample) values ('spring_offer', 'news', '{}', '{}');
insert into app_private.message_channels (template_key, channel, route, rank, is_default)
values ('spring_offer', 'email', 'letter', 1, true), ('spring_offer', 'sms', 'alert', 1, true);
create function pg_temp.way(channel text, template text default 'appointment_booked', patient text default 'ana', clinic text default 'atlas')
returns table (is_reachable boolean, is_wanted boolean, obstacle text, not_before timestamptz) language sql as $$
  select w.is_reachable, w.is_wanted, w.obstacle, w.not_before
  from app_private.ways_to_reach(tests.id(clinic), template, array[row(tests.id(patient), null, null, null, null, null, '{}')::app_private.message_recipient]) as w
  where w.channel = way.channel
$$;

select results_eq($$select * from pg_temp.way('email')$$, $$values (true, true, null, null::timestamptz)$$, 'mail reaches who has an address');
select results_eq($$select * from pg_temp.way('sms')$$, $$values (true, true, null, null::timestamptz)$$, 'an SMS who has a telephone');
select results_eq($$select * from pg_temp.way('in_app')$$, $$values (true, true, null, null::timestamptz)$$, 'the inbox who has an account');
select results_eq($$select * from pg_temp.way('push')$$, $$values (false, true, null, null::timestamptz)$$, 'push only who subscribed');
select results_eq($$select * from pg_temp.way('whatsapp')$$, $$values (true, false, 'whatsapp_template_missing', null::timestamptz)$$, 'WhatsApp only who asked, at a clinic with an approved text');

-- Consent.
select results_eq($$select * from pg_temp.way('email', 'spring_offer')$$, $$values (true, true, 'consent_missing', null::timestamptz)$$, 'an offer needs a consent, which nobody can have given yet');
insert into app_private.suppressed_addresses (channel, address, reason) values ('email', 'ana@people.test', 'bounce');
select is((select obstacle from pg_temp.way('email', 'spring_offer')), 'consent_missing', 'it is asked for first');

-- Suppression.
select is((select obstacle from pg_temp.way('email')), 'bounce', 'a dead address is written to by nobody');
update app_public.patient_profiles set email = 'Ana@people.test' where id = tests.id('ana');
select is((select obstacle from pg_temp.way('email')), 'bounce', 'however it is spelt');
update app_public.patient_profiles set email = 'ana@people.test' where id = tests.id('boris');
select is((select obstacle from pg_temp.way('email', patient => 'boris', clinic => 'boreal')), 'bounce', 'at every clinic');
select is((select obstacle from pg_temp.way('sms')), null, 'a telephone number is another address');
select app_private.suppress_address(tests.id('atlas'), null, 'sms', '+40722000111', 'request');
select is((select obstacle from pg_temp.way('sms')), 'opted_out', 'a STOP ends the texts of that clinic');
select is((select obstacle from pg_temp.way('sms', patient => 'boris', clinic => 'boreal')), null, 'and of no other');

-- Preference.
insert into app_public.notification_preferences (human_id, topic, channel, is_enabled)
select human_id, 'appointments', 'email', false from app_public.patient_profiles where id = tests.id('ana');
select is((select is_wanted from pg_temp.way('email')), false, 'what the account switched off is not wanted');
select is((select is_wanted from pg_temp.way('email', 'spring_offer')), true, 'of this topic');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('ana'), 'appointments', 'email', true);
select is((select is_wanted from pg_temp.way('email')), true, 'what is said for the patient goes before');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('ana'), 'appointments', 'whatsapp', true);
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
values (tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('x'), '{when}');
select results_eq($$select is_wanted, obstacle from pg_temp.way('whatsapp')$$, $$values (true, null)$$, 'who asks for WhatsApp gets it where there is a text');
update app_public.patient_profiles set locale = 'en' where id = tests.id('ana');
select is((select obstacle from pg_temp.way('whatsapp')), 'whatsapp_template_missing', 'in their language');

-- Quiet hours.
select tests.freeze_time('2027-03-01 22:00+02');
select is((select not_before from pg_temp.way('sms')), '2027-03-02 08:00+02', 'at night an SMS waits for eight');
select is((select not_before from pg_temp.way('email')), null, 'mail does not: it makes no noise');
select is((select not_before from pg_temp.way('in_app')), null, 'nor does the inbox');
update app_public.organizations set timezone = 'America/New_York' where id = tests.id('atlas');
select is((select not_before from pg_temp.way('sms')), null, 'the clinic''s clock counts for who said nothing');
insert into app_public.quiet_hours (patient_profile_id, quiet_from, quiet_until, timezone) values (tests.id('ana'), '20:00', '10:30', 'Europe/Bucharest');
select is((select not_before from pg_temp.way('sms')), '2027-03-02 10:30+02', 'their own hours and zone for who set some');
select is((select not_before from pg_temp.way('email')), null, 'and mail is still never quiet');

-- Whose account.
select tests.patient('carmen', account => false, birth_date => '2018-05-17');
select is((select is_reachable from pg_temp.way('in_app', patient => 'carmen')), false, 'a child without an account and without anybody has no inbox');
select tests.caregiver('corina', 'carmen');
select tests.caregiver('cezar', 'carmen');
select is((select count(*) from pg_temp.way('in_app', patient => 'carmen') where is_reachable), 2::bigint, 'both parents are told in theirs');
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('cezar for carmen');
select is((select count(*) from pg_temp.way('in_app', patient => 'carmen') where is_reachable), 1::bigint, 'until one''s link ends');
select * from finish();
rollback;
