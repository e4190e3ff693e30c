-- Test: record_message_status, record_message_accepted, record_message_refused - a report belongs to one message of one
-- vendor and account, and counts once. FND-15, FND-25, FND-35.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.integration('own twilio');
select tests.patient('ana');
update app_public.patient_profiles set phone = '+40722000111' where id = tests.id('ana');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('ana'), 'appointments', 'whatsapp', true);
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
values (tests.id('atlas'), 'appointment_cancelled', 'ro', 'HX' || md5('x'), '{when}');
insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth)
select human_id, 'https://push.example.org/1', repeat('B', 87), repeat('A', 22) from app_public.patient_profiles where id = tests.id('ana');
create function pg_temp.sent(name text, channel text default 'whatsapp', vendor text default 'twilio', integration uuid default null, address text default null, id text default null, accepted boolean default true) returns void language plpgsql as $$
declare v_ids uuid[];
begin
  update app_public.notification_preferences set is_enabled = sent.channel = 'whatsapp' where notification_preferences.channel = 'whatsapp';
  v_ids := app_private.notify(tests.id('atlas'), 'appointment_cancelled',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
    patient_profile_id => tests.id('ana'), email => sent.address, calendar_uid => uuidv7());
  delete from app_public.messages as m where m.id = any (v_ids) and m.channel <> sent.channel;
  perform tests.remember(sent.name, m.id) from app_public.messages as m where m.id = any (v_ids) and m.channel = sent.channel;
  if sent.accepted then
    perform app_private.record_message_accepted(tests.id(sent.name), sent.integration, sent.vendor, coalesce(sent.id, sent.name));
  end if;
end;
$$;
create function pg_temp.says(vendor_id text, status text, minute int default 1, reason text default null, dead boolean default false, vendor text default 'twilio', integration uuid default null)
returns void language sql as $$
  select app_private.record_message_status(says.integration, says.vendor, says.vendor_id, says.status, '2027-03-01 12:00+02'::timestamptz + make_interval(mins => says.minute), says.reason, says.dead);
$$;
create function pg_temp.status(name text) returns text language sql as $$select concat_ws(' ', status, reason) from app_public.messages where id = tests.id(name)$$;
create function pg_temp.instead() returns bigint language sql as $$select count(*) from app_public.messages where channel = 'sms'$$;

-- Without a browser that takes it, WhatsApp would be preferred by nobody: push is switched off for these.
insert into app_public.notification_preferences (human_id, topic, channel, is_enabled)
select human_id, 'appointments', 'push', false from app_public.patient_profiles where id = tests.id('ana');

select pg_temp.sent('platform', id => 'same'), pg_temp.sent('own', id => 'same', integration => tests.id('own twilio'));
select pg_temp.says('same', 'delivered', integration => tests.id('own twilio'));
select is(pg_temp.status('platform') || ', ' || pg_temp.status('own'), 'sent, delivered', 'the same id at another account is another message');
select pg_temp.says('same', 'read', 2, integration => tests.id('own twilio'));
select is(pg_temp.status('platform') || ', ' || pg_temp.status('own'), 'sent, read', 'whichever of them heard of something last');
select pg_temp.says('same', 'delivered');
select is(pg_temp.status('platform') || ', ' || pg_temp.status('own'), 'delivered, read', 'each hears of its own');
select pg_temp.sent('one');
select pg_temp.says('one', 'delivered', vendor => 'pigeon');
select is(pg_temp.status('one'), 'sent', 'what another vendor says of such an id is not about it');

-- Out of office and delivered, in the wrong order.
select pg_temp.says('early', 'bounced_for_now', 1), pg_temp.says('early', 'delivered', 2);
select pg_temp.sent('early');
select is(pg_temp.status('early'), 'delivered', 'what arrived in the end');
select is(pg_temp.instead(), 0::bigint, 'never failed in between, and nothing stands in for it');
select pg_temp.says('alone', 'delivered', 2, vendor => 'pigeon'), pg_temp.says('alone', 'delivered', 2, integration => tests.id('own twilio'));
select pg_temp.says('alone', 'bounced_for_now', 1, 'busy');
select pg_temp.sent('alone');
select is(pg_temp.status('alone'), 'bounced busy', 'unless it was another vendor or another account that delivered something else');
select is(pg_temp.instead(), 1::bigint, 'then an SMS stands in');
select pg_temp.sent('silent');
select pg_temp.says('silent', 'failed');
select is(pg_temp.status('silent'), 'failed failed', 'a vendor that gives no reason leaves its word for one');

-- Counted once each.
select pg_temp.says('second mail', 'complained', vendor => 'ses');
select pg_temp.sent('first mail', 'email', 'ses', address => 'first@people.test');
select pg_temp.says('first mail', 'complained', vendor => 'ses');
select results_eq('select address from app_private.suppressed_addresses', array['first@people.test'], 'a complaint about the first');
select pg_temp.sent('second mail', 'email', 'ses', address => 'second@people.test');
select set_eq('select address from app_private.suppressed_addresses', array['first@people.test', 'second@people.test'], 'does not use up one about the second, which came early');
update app_public.notification_preferences set is_enabled = true where channel = 'push';
select pg_temp.sent('push', 'push', 'web_push');
select pg_temp.says('push', 'failed', 1, 'gone', true, 'web_push');
select is(pg_temp.status('push'), 'failed gone', 'a browser that is over');
select is((select count(*) from app_private.suppressed_addresses), 2::bigint, 'has no address to end');
select pg_temp.sent('push 2', 'push', accepted => false);
select lives_ok($$select app_private.record_message_refused(tests.id('push 2'), null, 'gone', true)$$, 'nor one that is refused at once');
select is(pg_temp.status('push 2'), 'failed gone', 'which fails all the same');

update app_public.notification_preferences set is_enabled = false where channel = 'push';

-- Accepted, refused: this message, and only while it is queued.
select pg_temp.sent('in the app', 'in_app', 'inbox');
select results_eq($$select status, sent_at, delivered_at from app_public.messages where id = tests.id('in the app')$$,
  $$values ('delivered', app_hidden.now(), app_hidden.now())$$, 'what is put in the inbox has arrived');
select results_eq($$select status, delivered_at from app_public.messages where id = tests.id('one')$$, $$values ('sent', null::timestamptz)$$, 'what a vendor took has not');
select pg_temp.sent('refused', 'email', 'ses', address => 'third@people.test', id => 'kept');
select app_private.record_message_accepted(tests.id('refused'), null, 'smtp', 'again');
select is((select vendor_id from app_public.messages where id = tests.id('refused')), 'kept', 'what is sent is not sent again');
select app_private.record_message_refused(tests.id('refused'), null, 'late', true);
select is(pg_temp.status('refused'), 'sent', 'nor refused afterwards');
select pg_temp.sent('refused 2', 'email', address => 'third@people.test', accepted => false), pg_temp.sent('opted out', accepted => false);
select app_private.record_message_refused(tests.id('refused 2'), tests.id('own twilio'), 'not today', false);
select is(pg_temp.status('refused 2'), 'failed not today', 'while it is queued it may be');
select is((select count(*) from app_public.messages where integration_id = tests.id('own twilio')), 2::bigint, 'by the account that it went by, and no other message');
select is_empty(
  $$select address from app_private.suppressed_addresses where address = 'third@people.test'
    union all select address from app_private.clinic_suppressed_addresses where address = 'third@people.test'$$, 'an address that is not dead is written to again');
select app_private.record_message_refused(tests.id('opted out'), null, 'opted_out', true);
select results_eq('select organization_id, channel, address from app_private.opt_outs', $$values (tests.id('atlas'), 'whatsapp', '+40722000111')$$,
  'whom the vendor knows to have said STOP is not written to by this clinic');
select throws_ok($$select pg_temp.says('one', null)$$, 'RX400', 'message_status_unknown', 'a report says something');
select * from finish();
rollback;
