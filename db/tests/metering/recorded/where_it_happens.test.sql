-- Test: record_message_accepted, record_video_report, begin_session - messages, calls and sessions are usage where they happen, each row once. FND-20, FND-24.
begin;
select plan(21);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.platform_tier('tiny', '{"telerehab_sessions": 1}', '{"sms_messages": 2}');
select tests.video_clinic();
select tests.freeze_time('2027-03-08 10:00+02');
select tests.subscribe(tests.clinic_id(), 'tiny', '2027-03-01');
select tests.remember('clinic', tests.clinic_id());
create function pg_temp.used(of_meter text) returns text language sql as $$
  select string_agg(concat_ws(' ', r.source, r.quantity, to_char(r.occurred_at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI')), ', ' order by r.position)
  from app_public.usage_records r where r.meter = of_meter $$;

-- A text message, by the platform's account, when the vendor has taken it.
create function pg_temp.message(name text) returns void language plpgsql as $$
declare v_ids uuid[] := app_private.notify(tests.id('clinic'), 'appointment_cancelled',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
    patient_profile_id => tests.id('ana'), calendar_uid => uuidv7());
begin
  perform tests.remember(message.name || ' by ' || m.channel, m.id) from app_public.messages m where m.id = any (v_ids);
end;
$$;
select pg_temp.message('one'), pg_temp.message('two');
select tests.integration('own twilio');
select is(pg_temp.used('sms_messages'), null, 'what waits is not used');
select app_private.record_message_accepted(tests.id('one by sms'), null, 'twilio', 'SM1');
select is(pg_temp.used('sms_messages'), 'messages 1 03-08 10:00', 'a text message that left');
select is((select key from app_public.usage_records), tests.id('one by sms')::text, 'by the id of its row');
select app_private.record_message_accepted(tests.id('one by sms'), null, 'twilio', 'SM1');
select app_private.record_message_accepted(tests.id('one by email'), null, 'smtp', 'L1');
select app_private.record_message_accepted(tests.id('two by sms'), tests.id('own twilio'), 'twilio', 'SM2');
select is(pg_temp.used('sms_messages'), 'messages 1 03-08 10:00', 'once; and no other channel, and none by the clinic''s own account');

-- A call, when the vendor says that it ended.
select tests.consent('ana', 'telemedicine');
select tests.room_is_made('call');
create function pg_temp.ended(call text, seconds int, at timestamptz default '2027-03-08 11:30+02') returns text language sql as $$
  select app_private.record_video_report(null, (tests.room('call')).room_name, 'meeting.ended', call, seconds, at) $$;
select is(pg_temp.ended('m1', 61), 'known', 'a call that ended');
select is(pg_temp.used('video_minutes'), 'video_rooms 2 03-08 11:30', 'every minute that began');
select is(pg_temp.ended('m1', 61), 'known', 'told again');
select is(pg_temp.ended('m2', 60, '2027-03-08 11:45+02'), 'known', 'and another in the same room');
select is(pg_temp.ended('m3', 0), 'known', 'one that lasted no time');
select is(pg_temp.ended(null, 60), 'known', 'one without a name');
select is(app_private.record_video_report(null, (tests.room('call')).room_name, 'recording.error', 'm4', 60, '2027-03-08 11:45+02'), 'known', 'and what is no call');
select is(pg_temp.used('video_minutes'), 'video_rooms 2 03-08 11:30, video_rooms 1 03-08 11:45', 'each call once, and nothing else');
select is(pg_temp.ended('m1', 600), 'known', 'another length of the same call');
select is((select quantity from app_public.usage_conflicts), 10::numeric, 'is a conflict');

-- A session that a patient starts at home: counted with its start, and refused where the tier has no more.
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.treatment_plan('knee', 2, 1), tests.assigned('ana', 'knee'), tests.assigned('bogdan', 'knee');
create function pg_temp.begin_session(session text) returns text language plpgsql security definer as $$
begin return (app_private.begin_session(tests.id(session), array(select id from app_public.exercise_contraindications where exercise_id = tests.id('squat')))).status; end $$;
select tests.act_as('ana');
select is(pg_temp.begin_session('ana''s knee 1'), 'started', 'a session begins');
select is(pg_temp.begin_session('ana''s knee 1'), 'started', 'and goes on');
select tests.act_as('the database');
select is(pg_temp.used('telerehab_sessions'), 'patient_sessions 1 03-08 10:00', 'it is used once');
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.begin_session('bogdan''s knee 1')$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'the second of one is not begun');
select tests.act_as('the database');
select tests.freeze_time('2027-04-01 10:00+03');
insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
select organization_id, subscription_id, 2, '2027-04-01', '2027-05-01', '[2027-04-01 00:00+03,2027-05-01 00:00+03)' from app_public.billing_periods;
select tests.act_as('bogdan');
select is(pg_temp.begin_session('bogdan''s knee 1'), 'started', 'the next period has one again');
select tests.act_as('the database');
select is_empty($$select * from app_private.usage_differences(tests.id('clinic'))$$, 'all adds up');
select * from finish();
rollback;
