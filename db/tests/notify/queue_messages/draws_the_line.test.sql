-- Test: queue_messages - urgent from this moment to half a day ahead, told while it helps, and to a visitor's mailbox only what follows. FND-15, FND-35.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 22:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
update app_private.message_types set urgent_within = interval '12 hours' where key = 'appointment_cancelled';
create function pg_temp.tell(starts_at timestamptz, expires_at timestamptz default null) returns text language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.queue_messages(tests.id('atlas'), 'appointment_cancelled',
    array[row(tests.id('ana'), null, null, null, null, null, jsonb_build_object('serviceName', 'K', 'specialistName', 'D', 'startsAt', starts_at, 'endsAt', starts_at + interval '1 hour',
      'timezone', 'Europe/Bucharest', 'modality', 'video', 'reason', null))::app_private.message_recipient], null, uuidv7(), tell.expires_at);
  return (select concat_ws(' ', m.status, m.reason, case when m.is_urgent then 'urgent' end, case when m.status = 'queued' and m.not_before is not null then 'waits' end) from app_public.messages m where m.id = any (v_ids) and m.channel = 'sms');
end;
$$;

select is(pg_temp.tell('2027-03-01 22:00+02'), 'queued urgent', 'what begins this moment is urgent');
select is(pg_temp.tell('2027-03-01 21:59:59+02', '2027-03-03 22:00+02'), 'queued waits', 'what began before is not');
select is(pg_temp.tell('2027-03-02 09:59:59+02'), 'queued urgent', 'what begins within half a day is');
select is(pg_temp.tell('2027-03-02 10:00+02', '2027-03-03 22:00+02'), 'queued waits', 'what begins at its end is not');
select is(pg_temp.tell('2027-03-08 10:00+02', '2027-03-02 08:00+02'), 'skipped expires_in_quiet_hours', 'what ends with the night is not told');
select is(pg_temp.tell('2027-03-08 10:00+02', '2027-03-02 08:00:01+02'), 'queued waits', 'what lasts a second longer is');
select is(pg_temp.tell('2027-03-02 07:00+02', '2027-03-02 07:00+02'), 'queued urgent', 'and what is urgent does not wait for the end of the night');

-- What is switched off is on record only where nothing else tells.
select tests.freeze_time('2027-03-02 12:00+02');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
values (tests.id('ana'), 'appointments', 'email', false);
create temporary table told as select unnest(app_private.notify(tests.id('atlas'), 'appointment_booked',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}',
  patient_profile_id => tests.id('ana'), calendar_uid => uuidv7())) as id;
select set_eq('select channel, status from app_public.messages join told using (id)', $$values ('sms', 'queued'), ('in_app', 'queued')$$, 'who is told by SMS is not told that a letter was switched off');
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables) values (tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('x'), '{when}');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
values (tests.id('ana'), 'appointments', 'whatsapp', true), (tests.id('ana'), 'appointments', 'sms', false);
-- Other routes may go on further than this one.
update app_private.message_channels set rank = 9 where template_key = 'appointment_booked' and channel = 'in_app';
drop table told;
create temporary table told as select unnest(app_private.notify(tests.id('atlas'), 'appointment_booked',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}',
  patient_profile_id => tests.id('ana'), calendar_uid => uuidv7())) as id;
create temporary table before as select id from app_public.messages;
select app_private.end_message(id, 'failed', 'no') from app_public.messages join told using (id) where channel = 'whatsapp';
select is_empty('select from app_public.messages where id not in (select id from before)', 'nor does what is switched off, or of another route, stand in, or say so');

-- Each in the words of their language.
select is(cardinality(app_private.notify_many(tests.id('atlas'), 'booking_request_confirmed',
  array[row(null, null, 'Ina', 'ina@people.test', null, 'ro', null), row(null, null, 'Ed', 'ed@people.test', null, 'en', null)]::app_private.message_recipient[],
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}',
  calendar_uid => uuidv7())), 2, 'two people are told twice in all, whatever they speak');
select app_private.notify(tests.id('atlas'), 'appointment_cancelled',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
  name => 'Nobody', locale => 'ro', calendar_uid => uuidv7());
select results_eq($$select status, reason from app_public.messages where recipient_name = 'Nobody'$$, $$values ('skipped', 'unreachable')$$, 'who gave no address is not said to have switched anything off');

-- What a visitor causes.
select tests.freeze_time('2027-03-02 12:00+02');
update app_private.visitor_limits set per_hour = 1, per_day = 5 where name = 'guest';
create function pg_temp.asks(request text, email text default 'victim@people.test', type text default 'booking_request_received') returns text language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id('atlas'), asks.type,
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}'::jsonb
      || case asks.type when 'booking_request_received' then '{"respondBy": "2027-03-03T07:00:00Z"}'::jsonb else '{}' end,
    name => 'Gabriela', email => asks.email, locale => 'ro', calendar_uid => md5(asks.request)::uuid);
  return (select string_agg(concat_ws(' ', m.status, m.reason), ', ') from app_public.messages m where m.id = any (v_ids));
end;
$$;
select is(pg_temp.asks('first'), 'queued', 'one request is told');
select is(pg_temp.asks('second'), 'skipped recipient_limit', 'the next is not');
select is(pg_temp.asks('second', type => 'booking_request_expired'), 'skipped recipient_limit', 'nor what follows it');
select is(pg_temp.asks('first', type => 'booking_request_expired'), 'queued', 'what follows the first is');
select is(pg_temp.asks('third', 'other@people.test'), 'queued', 'another mailbox');
select is(pg_temp.asks('third', type => 'booking_request_expired'), 'skipped recipient_limit', 'was told, and not this one');

-- Nobody whom nothing reaches is counted in the sequence of somebody else's calendar.
select is((select string_agg(calendar_sequence::text, ' ' order by id) from app_public.messages where recipient_email = 'victim@people.test' and calendar_uid = md5('first')::uuid), '0 1', 'a calendar counts its own files');
select is((select calendar_sequence from app_public.messages where recipient_email = 'other@people.test'), 0, 'each for itself');
select * from finish();
rollback;
