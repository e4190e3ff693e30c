-- Test: begin_recording - nothing is recorded without consent at that moment, and a withdrawal ends it. APT-07, CNS-08.
begin;
select plan(33);
select tests.video_clinic();
select tests.freeze_time('2027-03-08 10:00+02');
select tests.consent('ana', 'telemedicine');
select tests.room_is_made('call');
create function pg_temp.recorded() returns text language sql as $$
  select string_agg(concat_ws(' ', status, ended_because), ', ' order by id) from app_public.video_recordings $$;
create function pg_temp.withdraw(purpose text) returns void language plpgsql as $$
begin
  perform tests.act_as('ana');
  perform app_public.withdraw_consent(purpose, (select id from app_public.patients where patient_profile_id = tests.id('ana')));
  reset role;
  perform app_private.consume_video((select id from app_private.events where name = 'consent.withdrawn' order by position desc, id desc limit 1));
end;
$$;

create function pg_temp.begins(name text) returns void language plpgsql as $$
declare
  v_id uuid;
begin
  perform tests.act_as('stefan');
  select id into v_id from app_hidden.begin_recording(tests.id('call')) where room_name = (tests.room('call')).room_name;
  reset role;
  perform tests.remember(name, v_id);
end;
$$;

select tests.act_as('stefan');
select * from tests.refuses($$select app_hidden.begin_recording(tests.id('call'))$$, 'CONSENT_REQUIRED', 'consent_missing', 'without consent to it');
reset role;
select is(pg_temp.recorded(), null, 'nothing was begun');
select tests.consent('ana', 'video_recording');
select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.begin_recording(tests.id('call'))$$, 'FORBIDDEN', 'recording_is_for_staff', 'the patient does not record');
select * from tests.refuses($$select app_public.stop_recording(tests.id('call'))$$, 'STATE', 'nothing_is_recorded', 'nothing to end');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_hidden.begin_recording(tests.id('call'))$$, 'NOT_FOUND', 'appointment_not_found', 'nor another patient');
select * from tests.refuses($$select app_public.stop_recording(tests.id('call'))$$, 'NOT_FOUND', 'appointment_not_found', 'who ends nothing either');

select pg_temp.begins('begun');
select is(pg_temp.recorded(), 'starting', 'with consent the vendor may be asked');
select tests.act_as('stefan');
select * from tests.refuses($$select app_hidden.begin_recording(tests.id('call'))$$, 'CONFLICT', 'recording_runs', 'once at a time');
reset role;
select is(app_hidden.record_recording(tests.id('begun'), 'running'), 'running', 'it records');
delete from graphile_worker._private_jobs where key = 'video_room:' || (tests.room('call')).id;
select pg_temp.withdraw('video_recording');
select is(pg_temp.recorded(), 'stopping consent_withdrawn', 'a withdrawal ends it');
select is(tests.queued(tests.room('call')), 1, 'and the vendor is told');
select is((tests.room('call')).status, 'ready', 'the call goes on');
select is((select stops_recording from app_private.video_room_work((tests.room('call')).id)), true, 'as the worker sees');
select app_private.record_recording_stopped((tests.room('call')).id);
select is(pg_temp.recorded(), 'stopped consent_withdrawn', 'it has ended');

-- The withdrawal comes between the row and the vendor's answer.
select tests.consent('ana', 'video_recording');
select pg_temp.begins('again');
select pg_temp.withdraw('video_recording');
select is(app_hidden.record_recording(tests.id('again'), 'running'), 'stopping', 'what the vendor began by then is to end');
select app_private.record_recording_stopped((tests.room('call')).id);

-- The vendor never answered.
select tests.consent('ana', 'video_recording');
select pg_temp.begins('unknown');
select is(app_hidden.record_recording(tests.id('unknown'), 'unknown'), 'stopping', 'nobody knows whether it records: it is to end');
select app_private.record_recording_stopped((tests.room('call')).id);
select pg_temp.begins('failed');
select is(app_hidden.record_recording(tests.id('failed'), 'failed'), 'failed', 'the vendor did not want to');

-- Anybody in the call ends it.
select pg_temp.begins('last');
select app_hidden.record_recording(tests.id('last'), 'running');
select tests.act_as('ana');
select is((app_public.stop_recording(tests.id('call'))).ended_because, 'participant', 'the patient ends it');
select * from tests.refuses($$select app_public.stop_recording(tests.id('call'))$$, 'STATE', 'nothing_is_recorded', 'once');
select is((select count(*)::int from app_public.video_recordings), 5, 'and sees what was recorded');
select tests.act_as('bogdan');
select is((select count(*)::int from app_public.video_recordings), 0, 'which another patient does not');
reset role;
select app_private.record_recording_stopped((tests.room('call')).id);

-- The end of the call is the end of its recording.
select pg_temp.begins('closing');
select pg_temp.withdraw('telemedicine');
select is((tests.room('call')).status, 'closing', 'without consent to telemedicine the call ends');
select is((select ended_because from app_public.video_recordings where id = tests.id('closing')), 'call_over', 'and so does what is recorded');
select is((select status from app_public.appointments where id = tests.id('call')), 'booked', 'the appointment stands');
select tests.act_as('stefan');
select * from tests.refuses($$select app_hidden.begin_recording(tests.id('call'))$$, 'STATE', 'call_not_ready', 'in no room nothing is recorded');
select * from finish();
rollback;
