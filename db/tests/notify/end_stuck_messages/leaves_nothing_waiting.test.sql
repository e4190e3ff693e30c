-- Test: end_stuck_messages - what nobody will send any more ends with its reason, and the next channel stands in. FND-15, FND-14.
begin;
select plan(21);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.patient('dan');
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
values (tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('x'), '{when}');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
values (tests.id('ana'), 'appointments', 'whatsapp', true);
create function pg_temp.told(patient text, event uuid default null) returns void language sql as $$
  select app_private.notify(tests.id('atlas'), 'appointment_booked',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video"}', patient_profile_id => tests.id(told.patient), calendar_uid => uuidv7());
$$;
create function pg_temp.said() returns setof text language sql as $$
  select concat_ws(' ', m.channel, m.status, m.reason) from app_public.messages m where m.patient_profile_id = tests.id('ana') and m.channel <> 'in_app' order by m.channel, m.created_at;
$$;
create function pg_temp.job(channel text, patient text default 'ana') returns bigint language sql as $$
  select j.id from graphile_worker._private_jobs j join app_public.messages m on j.key = 'message:' || m.id
  where m.channel = job.channel and m.patient_profile_id = tests.id(job.patient) and m.status = 'queued';
$$;
select pg_temp.told('ana');
select is(app_private.end_stuck_messages(), 0, 'what waits for its turn is not stuck');
select results_eq('select pg_temp.said()', $$values ('email queued'), ('whatsapp queued')$$, 'and waits');

-- The worker dies on the last attempt: its job was taken twelve times, and nobody recorded why it ended.
update graphile_worker._private_jobs set attempts = max_attempts, locked_at = now(), locked_by = 'a worker' where id = pg_temp.job('whatsapp');
select is(app_private.end_stuck_messages(), 0, 'a message on its last attempt is left to its worker');
update graphile_worker._private_jobs set locked_at = null, locked_by = null where id = pg_temp.job('whatsapp');
select is(app_private.end_stuck_messages(), 1, 'when the worker is gone, it is over');
select results_eq('select pg_temp.said()',
  $$values ('email queued'), ('sms queued'), ('whatsapp failed gave up: the worker ended during the last attempt')$$,
  'it says why, and the next channel of its route stands in');
select isnt(pg_temp.job('sms'), null, 'with a job of its own');
select is_empty($$select j.id from graphile_worker._private_jobs j where j.attempts >= j.max_attempts$$, 'nobody need decide about the dead job');
select is(app_private.end_stuck_messages(), 0, 'again changes nothing');

-- The worker dies after the vendor took the message: only its job is left behind.
savepoint sent;
update graphile_worker._private_jobs set attempts = max_attempts where id = pg_temp.job('email');
select app_private.record_message_accepted(id, null, 'smtp', 'vendor-1') from app_public.messages where channel = 'email' and patient_profile_id = tests.id('ana');
select is(app_private.end_stuck_messages(), 0, 'what was sent is not given up');
select is((select status from app_public.messages where channel = 'email' and patient_profile_id = tests.id('ana')), 'sent', 'and stays sent');
rollback to sent;

-- An attempt that failed is not the last one.
update graphile_worker._private_jobs set attempts = 11 where id = pg_temp.job('sms');
select is(app_private.end_stuck_messages(), 0, 'eleven attempts of twelve are not all');

-- The queue lost a job.
select pg_temp.told('dan');
delete from graphile_worker._private_jobs where id = pg_temp.job('email', 'dan');
select is(app_private.end_stuck_messages(), 0, 'a job may be about to be queued');
select tests.freeze_time('2027-03-01 12:01+02');
select is(app_private.end_stuck_messages(), 0, 'for a minute');
select tests.freeze_time('2027-03-01 12:01:00.001+02');
select is(app_private.end_stuck_messages(), 1, 'then it is queued again');
select isnt(pg_temp.job('email', 'dan'), null, 'under the same key');
select is(app_private.end_stuck_messages(), 0, 'once');

-- Time runs out.
select tests.freeze_time('2027-03-03 12:00+02');
update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker' where id = pg_temp.job('email', 'dan');
select is(app_private.end_stuck_messages(), 5, 'what has expired ends, all at once');
select results_eq('select pg_temp.said()',
  $$values ('email skipped expired'), ('sms skipped expired'), ('whatsapp failed gave up: the worker ended during the last attempt')$$,
  'with that reason, and nothing stands in: it would be as late');
select is((select status from app_public.messages where channel = 'email' and patient_profile_id = tests.id('dan')), 'queued', 'what is being sent at this moment is its worker''s');
select tests.act_as('the worker');
select lives_ok($$select app_private.end_stuck_messages()$$, 'the clock calls it');
select tests.act_as('a visitor');
select throws_ok($$select app_private.end_stuck_messages()$$, '42501', null, 'and nobody else');
select * from finish();
rollback;
