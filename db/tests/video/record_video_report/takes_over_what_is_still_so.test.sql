-- Test: record_video_report - what the vendor tells changes what is still so: once, in any order, of its own rooms. APT-07, FND-25.
begin;
select plan(12);
select tests.video_clinic();
select tests.freeze_time('2027-03-08 10:00+02');
select tests.consent('ana', 'telemedicine');
select tests.consent('ana', 'video_recording');
select tests.room_is_made('call');
create function pg_temp.told(type text, vendor_id text default null, seconds int default 0, integration uuid default null) returns text language sql as $$
  select app_private.record_video_report(integration, (tests.room('call')).room_name, type, vendor_id, seconds) $$;
create function pg_temp.recorded() returns text language sql as $$
  select string_agg(concat_ws(' ', status, ended_because, vendor_id, seconds), ', ' order by created_at, id) from app_public.video_recordings $$;
create function pg_temp.record() returns void language plpgsql as $$
declare v_id uuid;
begin
  perform tests.act_as('stefan');
  select id into v_id from app_hidden.begin_recording(tests.id('call'));
  reset role;
  perform app_hidden.record_recording(v_id, 'running');
end;
$$;
select is(app_private.record_video_report(null, 'rx-unknown', 'meeting.ended', null, 0), 'unknown_room', 'a room of nobody');
select is(pg_temp.told('meeting.ended', integration => uuidv7()), 'unknown_room', 'a room of another account');
select is(pg_temp.told('participant.joined'), 'ignored', 'what nobody needs');
select is(pg_temp.told('meeting.ended'), 'known', 'nothing was recorded');
select pg_temp.record();
select is(pg_temp.told('meeting.ended'), 'recorded', 'the call is over');
select is(pg_temp.recorded(), 'stopped call_over', 'and with it the recording');
select is(pg_temp.told('recording.error'), 'known', 'what comes later changes nothing');
select is(pg_temp.told('recording.ready-to-download', 'r1', 61), 'recorded', 'it can be had');
select is(pg_temp.told('recording.ready-to-download', 'r1', 61), 'known', 'told twice');
select pg_temp.record();
select is(pg_temp.told('recording.ready-to-download', 'r1', 61), 'known', 'also while the next one runs');
select is(pg_temp.told('recording.error'), 'recorded', 'which breaks off');
select is(pg_temp.recorded(), 'stopped call_over r1 61, stopped vendor', 'each has its own end');
select * from finish();
rollback;
