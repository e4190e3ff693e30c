-- Test: queue_messages - one alert, by the best channel that may be used; what stood in its way stays on record. FND-15.
begin;
select plan(15);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
create function pg_temp.tell(starts_at text default '2027-03-08T07:00:00Z', patient text default 'ana') returns setof app_public.messages language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id('atlas'), 'appointment_booked',
    jsonb_build_object('serviceName', 'K', 'specialistName', 'D', 'startsAt', starts_at, 'endsAt', '2027-03-08T08:00:00Z',
      'timezone', 'Europe/Bucharest', 'modality', 'video'),
    patient_profile_id => tests.id(patient), calendar_uid => uuidv7());
  return query select * from app_public.messages where id = any (v_ids);
end;
$$;

select results_eq(
  $$select channel, status, address, recipient_name, calendar_sequence from pg_temp.tell() order by channel$$,
  $$values ('email', 'queued', 'ana@people.test', 'Ana Popescu', 0), ('in_app', 'queued', null, 'Ana Popescu', null),
           ('sms', 'queued', '+40722000111', 'Ana Popescu', null)$$,
  'a letter with the calendar file, an alert, and a copy in the inbox');
insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth)
select human_id, 'https://push.example.org/ana', repeat('B', 87), repeat('A', 22) from app_public.patient_profiles where id = tests.id('ana');
select set_eq($$select channel from pg_temp.tell()$$, '{email,push,in_app}'::text[], 'who takes push needs no SMS');

insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values
  (tests.id('ana'), 'appointments', 'push', false), (tests.id('ana'), 'appointments', 'whatsapp', true);
select results_eq(
  $$select channel, status, reason from pg_temp.tell() where route = 'alert' order by rank$$,
  $$values ('whatsapp', 'skipped', 'whatsapp_template_missing'), ('sms', 'queued', null)$$,
  'who wants WhatsApp of a clinic that has no text for it gets an SMS, and the clinic sees why');
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
values (tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('x'), '{when}');
select results_eq($$select channel, status from pg_temp.tell() where route = 'alert'$$, $$values ('whatsapp', 'queued')$$, 'with a text it is WhatsApp alone');
select app_private.suppress_address(tests.id('atlas'), null, 'whatsapp', '+40722000111', 'request');
select app_private.suppress_address(tests.id('atlas'), null, 'sms', '+40722000111', 'bounce');
select results_eq(
  $$select channel, status, reason from pg_temp.tell() where route = 'alert' order by rank$$,
  $$values ('whatsapp', 'suppressed', 'opted_out'), ('sms', 'suppressed', 'bounce')$$,
  'where nothing is left, every obstacle is on record');

insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
select tests.id('ana'), 'appointments', channel, false from unnest('{email,sms,in_app}'::text[]) as channel
on conflict on constraint notification_preferences_are_set_once do update set is_enabled = false;
update app_public.notification_preferences set is_enabled = false;
select results_eq($$select channel, status, reason from pg_temp.tell()$$, $$values ('email', 'skipped', 'switched_off')$$, 'who switched everything off is not told, and that is on record');

-- Night.
select tests.patient('dan');
update app_public.patient_profiles set phone = '+40722000999' where id = tests.id('dan');
select tests.freeze_time('2027-03-01 23:00+02');
select results_eq(
  $$select channel, not_before, expires_at from pg_temp.tell(patient => 'dan') order by channel$$,
  $$values ('email', null::timestamptz, '2027-03-03 23:00+02'::timestamptz), ('in_app', null, '2027-03-03 23:00+02'),
           ('sms', '2027-03-02 08:00+02', '2027-03-03 23:00+02')$$,
  'at night the SMS is shifted, the mail is not');
select is(
  (select run_at from graphile_worker._private_jobs
   where key = 'message:' || (select id from app_public.messages where channel = 'sms' and address = '+40722000999' and not_before is not null order by id desc limit 1)),
  '2027-03-02 08:00+02', 'and so is its job');
select results_eq(
  $$select channel, is_urgent, not_before, status from pg_temp.tell('2027-03-02T07:30:00Z', 'dan') where channel = 'sms'$$,
  $$values ('sms', true, null::timestamptz, 'queued')$$,
  'an appointment within twelve hours does not wait');
update app_private.message_types set urgent_within = null where key = 'appointment_booked';
select results_eq(
  $$select channel, status, reason from pg_temp.tell('2027-03-02T05:30:00Z', 'dan') where route = 'alert'$$,
  $$values ('sms', 'skipped', 'expires_in_quiet_hours')$$,
  'what would be told only when it helps nobody any more is not');
select is((select expires_at from pg_temp.tell('2027-03-02T07:30:00Z', 'dan') where channel = 'email'), '2027-03-02 07:30+00', 'a booking is told until it begins, at most');

-- A child.
select tests.freeze_time('2027-03-02 12:00+02');
select tests.patient('carmen', account => false, birth_date => '2018-05-17');
select tests.caregiver('corina', 'carmen');
select tests.caregiver('cezar', 'carmen');
select results_eq(
  $$select channel, account_id in (tests.id('corina'), tests.id('cezar')) from pg_temp.tell(patient => 'carmen') where channel = 'in_app'$$,
  $$values ('in_app', true), ('in_app', true)$$, 'both parents of a child find it in their inbox');

select is((select count(*) from app_public.messages where status = 'queued'),
  (select count(*) from graphile_worker._private_jobs where key like 'message:%'), 'whatever is queued has its job, and nothing else has one');
select is_empty(
  $$select payload from graphile_worker._private_jobs where key like 'message:%'
    and payload::jsonb - 'messageId' <> '{}'$$, 'with an id in it and nothing about anybody');

insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
values (tests.id('atlas'), 'appointment.booked', 1, 'appointment', uuidv7(), '{}', app_hidden.now());
create function pg_temp.tell_event() returns int language sql as $$
  select cardinality(app_private.notify(tests.id('atlas'), 'appointment_booked',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}',
    patient_profile_id => tests.id('dan'), event_id => (select id from app_private.events where name = 'appointment.booked'), calendar_uid => uuidv7()))
$$;
select pg_temp.tell_event();
insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth)
select human_id, 'https://push.example.org/dan', repeat('B', 87), repeat('A', 22) from app_public.patient_profiles where id = tests.id('dan');
select is(pg_temp.tell_event(), 0, 'an event that is told again tells nobody twice, not over a channel that came since either');
select * from finish();
rollback;
