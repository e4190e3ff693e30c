-- Test: suppress_address - what a clinic's own vendor says counts at that clinic, what the platform's says at all that use it. FND-35, FND-15.
begin;
select plan(37);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.clinic('boreal');
select tests.patient('anas double');
select tests.clinic('cora');
select tests.patient('anas third');
update app_public.patient_profiles set email = 'ana@people.test', phone = '+40722000111' where id in (tests.id('ana'), tests.id('anas double'), tests.id('anas third'));
-- Boreal brings its own mail server and its own Twilio; Cora its own Twilio.
create function pg_temp.own(clinic text, provider text, channel text) returns void language sql as $$
  insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
  values (tests.id(own.clinic), own.channel, own.provider, tests.integration(own.channel || ' of ' || own.clinic, own.provider, own.clinic));
$$;
select pg_temp.own('boreal', 'smtp', 'email'), pg_temp.own('boreal', 'twilio', 'sms'), pg_temp.own('cora', 'twilio', 'sms');
create function pg_temp.told(name text, clinic text, patient text, channel text) returns void language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id(told.clinic), 'appointment_cancelled',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
    patient_profile_id => tests.id(told.patient), calendar_uid => uuidv7());
  perform tests.remember(told.name, m.id) from app_public.messages as m where m.id = any (v_ids) and m.channel = told.channel;
  perform app_private.claim_message(tests.id(told.name));
end;
$$;
create function pg_temp.obstacle(clinic text, patient text, channel text) returns text language sql as $$
  select ways.obstacle
  from app_private.ways_to_reach(tests.id(obstacle.clinic), 'appointment_booked',
    array[row(tests.id(obstacle.patient), null, null, null, null, null, '{}')::app_private.message_recipient]) as ways
  where ways.channel = obstacle.channel;
$$;
create function pg_temp.everywhere(channel text) returns text language sql as $$
  select concat_ws(', ', coalesce(pg_temp.obstacle('atlas', 'ana', channel), '-'), coalesce(pg_temp.obstacle('boreal', 'anas double', channel), '-'),
    coalesce(pg_temp.obstacle('cora', 'anas third', channel), '-'));
$$;

-- A mail server that answers 550 to whatever it likes.
select pg_temp.told('boreal mail', 'boreal', 'anas double', 'email');
select app_private.record_message_refused(tests.id('boreal mail'), tests.id('email of boreal'), 'smtp 550 5.1.1', true);
select is((select integration_id from app_public.messages where id = tests.id('boreal mail')), tests.id('email of boreal'), 'a message says whose account carried it');
select is(pg_temp.everywhere('email'), '-, bounce, -', 'a 550 of a clinic''s own server silences the address at this clinic alone');
select is_empty($$select * from app_private.suppressed_addresses$$, 'and leaves nothing with the platform');

-- The platform's own vendor.
select pg_temp.told('cora mail', 'cora', 'anas third', 'email');
select app_private.record_message_accepted(tests.id('cora mail'), null, 'ses', 'ses-1');
select app_private.record_message_status(null, 'ses', 'ses-1', 'bounced', now(), 'ses bounce Permanent', true);
select is(pg_temp.everywhere('email'), 'bounce, bounce, bounce', 'what the platform''s vendor reports counts at all that use it');
delete from app_private.clinic_suppressed_addresses;
select is(pg_temp.everywhere('email'), 'bounce, -, bounce', 'and not at a clinic that sends by its own account');
delete from app_public.organization_service_providers where organization_id = tests.id('boreal') and capability = 'email';
select is(pg_temp.obstacle('boreal', 'anas double', 'email'), 'bounce', 'until it goes back to the platform''s');
delete from app_private.suppressed_addresses;

-- A callback that somebody signed with an invented token of their own.
select pg_temp.told('atlas sms', 'atlas', 'ana', 'sms');
select app_private.record_message_accepted(tests.id('atlas sms'), null, 'twilio', 'SM1');
select app_private.record_message_status(tests.id('sms of boreal'), 'twilio', 'SM1', 'failed', now(), 'opted_out', true);
select is((select status from app_public.messages where id = tests.id('atlas sms')), 'sent', 'a callback of one clinic does not touch another''s message');
select is(pg_temp.everywhere('sms'), '-, -, -', 'nor silence its number');
select app_private.record_message_status(tests.id('sms of boreal'), 'twilio', 'SM1', 'delivered', now());
select app_private.record_message_status(null, 'twilio', 'SM1', 'delivered', now());
select is((select status from app_public.messages where id = tests.id('atlas sms')), 'delivered', 'and what its own vendor says is heard all the same');
select pg_temp.told('cora sms', 'cora', 'anas third', 'sms');
select app_private.record_message_accepted(tests.id('cora sms'), tests.id('sms of cora'), 'twilio', 'SM2');
select app_private.record_message_status(null, 'twilio', 'SM2', 'failed', now(), 'twilio 30005', true);
select app_private.record_message_status(tests.id('sms of boreal'), 'twilio', 'SM2', 'failed', now(), 'twilio 30005', true);
select is((select status from app_public.messages where id = tests.id('cora sms')), 'sent', 'nor does a callback to the platform''s account, or a third''s, touch what went by a clinic''s own');
select app_private.record_message_status(tests.id('sms of boreal'), 'twilio', 'SM3', 'failed', now(), 'twilio 30005', true);
select pg_temp.told('cora sms 2', 'cora', 'anas third', 'sms');
select app_private.record_message_accepted(tests.id('cora sms 2'), tests.id('sms of cora'), 'twilio', 'SM3');
select is((select status from app_public.messages where id = tests.id('cora sms 2')), 'sent', 'even when it came before the sending was recorded');
select app_private.record_message_status(tests.id('sms of cora'), 'twilio', 'SM2', 'failed', now(), 'twilio 30005', true);
select is((select status from app_public.messages where id = tests.id('cora sms')), 'failed', 'its own vendor''s does');
select is(pg_temp.everywhere('sms'), '-, -, bounce', 'and counts there alone');
select is_empty($$select * from app_private.suppressed_addresses$$, 'the platform knows nothing of it');
delete from app_private.clinic_suppressed_addresses;

-- STOP and START, at own numbers and at the one that clinics share.
select app_private.record_text_opt_out(tests.id('sms of boreal'), 'sms', '+40722000111', false);
select app_private.record_text_opt_out(tests.id('sms of cora'), 'sms', '+40722000111', false);
select is(pg_temp.everywhere('sms'), '-, opted_out, opted_out', 'a STOP to a clinic''s own number is said to that clinic');
select app_private.record_text_opt_out(tests.id('sms of cora'), 'sms', '+40722000111', true);
select is(pg_temp.everywhere('sms'), '-, opted_out, -', 'a START at one clinic lifts no STOP at another');
select app_private.record_text_opt_out(null, 'sms', '+40722000111', false);
select is(pg_temp.everywhere('sms'), 'opted_out, opted_out, -', 'a STOP to the shared number concerns who wrote by it');
select app_private.record_text_opt_out(null, 'sms', '+40722000111', true);
select is(pg_temp.everywhere('sms'), '-, opted_out, -', 'and a START there lifts no STOP that was said to a clinic itself');
select results_eq($$select count(*), min(lifted_by) from app_private.lifted_suppressions where reason = 'request'$$, $$values (2::bigint, 'start')$$, 'what was taken back is kept');
select app_private.record_text_opt_out(tests.id('sms of boreal'), 'sms', '+40722000111', true);
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values
  (tests.id('boreal'), 'sms', '+40722000111', 'bounce'), (tests.id('cora'), 'sms', '+40722000111', 'bounce');
insert into app_private.suppressed_addresses (channel, address, reason) values ('sms', '+40722000111', 'bounce'), ('whatsapp', '+40722000111', 'bounce');
select app_private.record_text_opt_out(tests.id('sms of cora'), 'sms', '+40722000111', true);
select is(pg_temp.everywhere('sms'), 'bounce, bounce, -', 'a START to a clinic''s own number shows this clinic that the number is alive');
select app_private.record_text_opt_out(null, 'sms', '+40722000111', true);
select is(pg_temp.everywhere('sms'), '-, bounce, -', 'one to the shared number shows the platform');
select results_eq($$select channel from app_private.suppressed_addresses$$, $$values ('whatsapp')$$, 'over this channel');
delete from app_private.suppressed_addresses; delete from app_private.clinic_suppressed_addresses;

-- A STOP said to both is taken back by the clinic's own number alone.
select app_private.suppress_address(tests.id('boreal'), null, 'sms', '+40722000111', 'request');
select app_private.suppress_address(tests.id('boreal'), tests.id('sms of boreal'), 'sms', '+40722000111', 'request');
select app_private.record_text_opt_out(null, 'sms', '+40722000111', true);
select is(pg_temp.obstacle('boreal', 'anas double', 'sms'), 'opted_out', 'a STOP said to both outlives a START to the shared number');
select app_private.record_text_opt_out(tests.id('sms of boreal'), 'sms', '+40722000111', true);
select is(pg_temp.obstacle('boreal', 'anas double', 'sms'), null, 'and ends with one to the clinic''s own');

-- WhatsApp goes the same way.
select app_private.suppress_address(tests.id('boreal'), tests.id('sms of boreal'), 'whatsapp', '+40722000111', 'bounce');
select is((select count(*) from app_private.suppressed_addresses), 0::bigint, 'a WhatsApp number that a clinic''s own account does not reach is no news to others');
delete from app_private.clinic_suppressed_addresses;

-- What was lifted stays lifted, although reports are applied again with each later one.
select pg_temp.told('again', 'atlas', 'ana', 'email');
select app_private.record_message_accepted(tests.id('again'), null, 'ses', 'ses-2');
select app_private.record_message_status(null, 'ses', 'ses-2', 'complained', now());
select is(pg_temp.obstacle('atlas', 'ana', 'email'), 'complaint', 'a complaint counts');
delete from app_private.suppressed_addresses;
select app_private.record_message_status(null, 'ses', 'ses-2', 'delivered', now());
select is(pg_temp.obstacle('atlas', 'ana', 'email'), null, 'once');

-- Bounces that say nothing of the address.
select is((select status from app_public.messages where id = tests.id('again')), 'delivered', 'what arrived');
select app_private.record_message_status(null, 'ses', 'ses-2', 'bounced_for_now', now() + interval '1 minute', 'ses bounce Transient General');
select is((select status from app_public.messages where id = tests.id('again')), 'delivered', 'stays delivered though its reader is out of office');
select pg_temp.told('early', 'atlas', 'ana', 'email');
select app_private.record_message_accepted(tests.id('early'), null, 'ses', 'ses-3');
select app_private.record_message_status(null, 'ses', 'ses-3', 'bounced_for_now', now() + interval '1 minute', 'ses bounce Undetermined');
select results_eq($$select status, reason from app_public.messages where id = tests.id('early')$$, $$values ('bounced', 'ses bounce Undetermined')$$, 'without a delivery it came back');
select app_private.record_message_status(null, 'ses', 'ses-3', 'delivered', now());
select results_eq($$select status, reason from app_public.messages where id = tests.id('early')$$, $$values ('delivered', null)$$, 'until the delivery is heard of, too');
select app_private.record_message_status(null, 'ses', 'ses-3', 'bounced', now() + interval '2 minutes', 'ses bounce Permanent', true);
select is((select status from app_public.messages where id = tests.id('early')), 'bounced', 'a mailbox that does not exist is the end');
select app_private.record_message_status(null, 'ses', 'ses-3', 'delivered', now() + interval '3 minutes');
select is((select status from app_public.messages where id = tests.id('early')), 'bounced', 'and no delivery undoes it');
delete from app_private.suppressed_addresses;

-- Each clinic has its own day with a person.
update app_private.channels set per_person_and_day = 2 where name = 'sms';
update app_public.messages set attempted_at = null;
select pg_temp.told('one', 'boreal', 'anas double', 'sms'), pg_temp.told('two', 'boreal', 'anas double', 'sms'), pg_temp.told('three', 'boreal', 'anas double', 'sms');
select is((select reason from app_public.messages where id = tests.id('three')), 'daily_cap', 'a clinic that texts a lot meets its cap');
select pg_temp.told('its own', 'atlas', 'ana', 'sms');
select is((select reason from app_public.messages where id = tests.id('its own')), null, 'and uses up nobody else''s');
select is((select attempts from app_public.messages where id = tests.id('its own')), 1, 'which leaves');
select tests.act_as('a visitor');
select throws_ok($$select app_private.suppress_address(tests.id('atlas'), null, 'sms', '+40722000111', 'bounce')$$, '42501', null, 'nobody but the worker reports');
select * from finish();
rollback;
