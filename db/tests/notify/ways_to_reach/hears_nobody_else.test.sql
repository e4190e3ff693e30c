-- Test: ways_to_reach - what was said of another address, channel, clinic, message or person keeps nobody from being told. FND-15, FND-35.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.patient('dan');
update app_public.patient_profiles set phone = '+40722000222' where id = tests.id('dan');
create function pg_temp.ways(channel text, patients text[] default '{ana}', clinic text default 'atlas') returns text language sql as $$
  select string_agg(case when w.is_reachable then '' else 'not ' end || 'reachable ' || case when w.is_wanted then '' else 'not ' end || 'wanted' || coalesce(' ' || w.obstacle, ''), ', ' order by w.place)
  from app_private.ways_to_reach(tests.id(clinic), 'appointment_booked',
    (select array_agg(row(tests.id(name), null, null, null, null, null, '{}')::app_private.message_recipient order by n) from unnest(patients) with ordinality as p (name, n))) as w
  where w.channel = ways.channel
$$;

-- Addresses, of the platform, of a clinic, of a STOP.
insert into app_private.suppressed_addresses (channel, address, reason) values ('sms', '+40722000999', 'bounce'), ('whatsapp', '+40722000111', 'bounce');
select is(pg_temp.ways('sms'), 'reachable wanted', 'another number is dead, and this one for WhatsApp');
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason)
values (tests.id('atlas'), 'sms', '+40722000999', 'bounce'), (tests.id('atlas'), 'whatsapp', '+40722000111', 'bounce'), (tests.id('boreal'), 'sms', '+40722000111', 'bounce');
select is(pg_temp.ways('sms'), 'reachable wanted', 'the same at this clinic, and this one at another');
insert into app_private.opt_outs (organization_id, channel, address)
values (tests.id('atlas'), 'sms', '+40722000999'), (tests.id('atlas'), 'whatsapp', '+40722000111'), (tests.id('boreal'), 'sms', '+40722000111');
select is(pg_temp.ways('sms'), 'reachable wanted', 'nor does anybody else''s STOP count');
select is(pg_temp.ways('sms', '{ana,dan}'), 'reachable wanted, reachable wanted', 'of several people neither');
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values (tests.id('atlas'), 'sms', '+40722000222', 'complaint');
select is(pg_temp.ways('sms', '{ana,dan}'), 'reachable wanted, reachable wanted complaint', 'and each only for themselves');

-- The platform's word counts where the platform's account sends.
insert into app_private.suppressed_addresses (channel, address, reason) values ('sms', '+40722000111', 'bounce'), ('email', 'ana@people.test', 'bounce');
select is(pg_temp.ways('sms') || ', ' || pg_temp.ways('email'), 'reachable wanted bounce, reachable wanted bounce', 'dead for all');
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('atlas'), 'email', 'smtp', null), (tests.id('boreal'), 'sms', 'twilio', tests.integration('twilio of boreal', 'twilio', 'boreal'));
select is(pg_temp.ways('sms') || ', ' || pg_temp.ways('email'), 'reachable wanted bounce, reachable wanted bounce', 'another clinic''s own account changes nothing, nor a choice of the platform''s');
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('atlas'), 'sms', 'twilio', tests.integration('twilio of atlas', 'twilio', 'atlas'));
select is(pg_temp.ways('sms') || ', ' || pg_temp.ways('email'), 'reachable wanted, reachable wanted bounce', 'its own account does, for what goes by it');
delete from app_private.suppressed_addresses;
delete from app_public.organization_service_providers;

-- Texts of WhatsApp.
delete from app_private.opt_outs; delete from app_private.clinic_suppressed_addresses;
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
values (tests.id('atlas'), 'appointment_cancelled', 'ro', 'HX' || md5('x'), '{when}'), (tests.id('boreal'), 'appointment_booked', 'ro', 'HX' || md5('y'), '{when}');
select is(pg_temp.ways('whatsapp'), 'reachable not wanted whatsapp_template_missing', 'the text of another message, or of another clinic, is none');

-- Preferences.
insert into app_public.message_topics (key, kind, name, name_ro)
select 'other', kind, 'Other', 'Altele' from app_public.message_topics where key = 'appointments' and not exists (select from app_public.message_topics where key = 'other');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
values (tests.id('ana'), 'other', 'sms', false), (tests.id('ana'), 'appointments', 'email', false), (tests.id('dan'), 'appointments', 'sms', false);
select is(pg_temp.ways('sms'), 'reachable wanted', 'what she does not want of another topic, over another channel, or he of this');
insert into app_public.notification_preferences (human_id, topic, channel, is_enabled)
select human_id, topic, channel, false from app_public.patient_profiles, (values ('other', 'sms'), ('appointments', 'email')) as p (topic, channel) where id = tests.id('ana');
select is(pg_temp.ways('sms'), 'reachable wanted', 'nor what her account does not');
select is(pg_temp.ways('sms', '{dan,ana}'), 'reachable not wanted, reachable wanted', 'each as they said');

-- Accounts.
insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth)
select human_id, 'https://push.example.org/1', repeat('B', 87), repeat('A', 22) from app_public.patient_profiles where id = tests.id('dan');
select is(pg_temp.ways('push', '{ana,dan}'), 'not reachable wanted, reachable wanted', 'a browser is its owner''s');
select is(pg_temp.ways('in_app', '{ana,dan}'), 'reachable wanted, reachable wanted', 'and so is an inbox');
select tests.caregiver('corina', 'ana');
select is(pg_temp.ways('in_app'), 'reachable wanted', 'who has an account is told there, and not whoever cares for them');
select tests.patient('carmen', account => false, birth_date => '2018-05-17');
select is(pg_temp.ways('in_app', '{carmen}'), 'not reachable wanted', 'who has none is told nowhere');
insert into app_public.caregivers (patient_profile_id, human_id, relationship, ends_on)
select tests.id('carmen'), tests.person(name), 'parent', ends_on from (values ('until today', date '2027-03-01'), ('until tomorrow', '2027-03-02'), ('cezar', null), ('closed', null)) as c (name, ends_on);
select is((select array_agg(p.name order by p.name) from app_private.ways_to_reach(tests.id('atlas'), 'appointment_booked',
    array[row(tests.id('carmen'), null, null, null, null, null, '{}')::app_private.message_recipient]) w join tests.personas p on p.principal_id = w.account_id where w.channel = 'in_app'),
  '{cezar,closed,until tomorrow}', 'but where somebody cares for them, to the day before the last');
update app_public.principals set disabled_at = app_hidden.now() where id = tests.id('closed');
select is(pg_temp.ways('in_app', '{carmen}'), 'reachable wanted, reachable wanted', 'and has an account that is open');
select is(pg_temp.ways('sms', '{carmen}'), 'reachable wanted', 'her telephone is told once, however many they are');
select tests.freeze_time('2027-03-01 23:30+02');
select is((select array_agg(p.name order by p.name) from app_private.ways_to_reach(tests.id('atlas'), 'appointment_booked',
    array[row(tests.id('carmen'), null, null, null, null, null, '{}')::app_private.message_recipient]) w join tests.personas p on p.principal_id = w.account_id where w.channel = 'in_app'),
  '{cezar,until tomorrow}', 'to the end of that day');
select tests.freeze_time('2027-03-02 00:00+02');
select is(pg_temp.ways('in_app', '{carmen}'), 'reachable wanted', 'on the calendar of the country');

-- Quiet hours of somebody else.
select tests.freeze_time('2027-03-01 12:00+02');
insert into app_public.quiet_hours (patient_profile_id, quiet_from, quiet_until, timezone) values (tests.id('dan'), '10:00', '14:00', 'Europe/Bucharest');
insert into app_public.quiet_hours (human_id, quiet_from, quiet_until, timezone) values (tests.id('corina'), '10:00', '14:00', 'Europe/Bucharest');
select is((select w.not_before from app_private.ways_to_reach(tests.id('atlas'), 'appointment_booked',
    array[row(tests.id('ana'), null, null, null, null, null, '{}')::app_private.message_recipient]) w where w.channel = 'sms'), null, 'others'' quiet is not hers');

-- A member whose sign-in is gone has let go of the address.
select tests.staff('olga', 'owner', 'atlas');
create function pg_temp.way_of_olga() returns text language sql as $$
  select w.address
  from app_private.ways_to_reach(tests.id('atlas'), 'appointment_booked',
    array[row(null, (select principal_id from tests.personas where name = 'olga'), null, null, null, null, '{}')::app_private.message_recipient]) as w
  where w.channel = 'email'
$$;
select is(pg_temp.way_of_olga(), 'olga@people.test', 'a member is written to at the account''s address');
update app_public.humans set closed_at = now() where email = 'olga@people.test';
select is(pg_temp.way_of_olga(), null, 'and no more once the account is closed');
select * from finish();
rollback;
