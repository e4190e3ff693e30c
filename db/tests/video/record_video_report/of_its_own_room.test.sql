-- Test: record_video_report, record_recording_stopped, record_video_room_made, record_video_room_gone, record_video_trouble,
-- due_video_rooms, pick_up_video_rooms, video_room_work, stop_recording - of two rooms the other is let be, and what is over stays over. APT-07, FND-25.
begin;
select plan(34);
select tests.video_clinic();
select tests.calendar('more calls', '{mihai}', modality => 'video');
select tests.appointment('other', 'bogdan', 'more calls', 'mihai', '2027-03-08 11:00+02');
select tests.freeze_time('2027-03-08 10:00+02');
select tests.consent(p, 'telemedicine'), tests.consent(p, 'video_recording') from unnest('{ana,bogdan}'::text[]) p;
create function pg_temp.states() returns text[] language sql as $$
  select array[(tests.room('other')).status || (tests.room('other')).tries, (tests.room('call')).status || (tests.room('call')).tries] $$;
create function pg_temp.recording(appointment text, state text, because text default null, vendor text default null) returns void language plpgsql as $$
declare v_id uuid;
begin
  insert into app_public.video_recordings (organization_id, video_room_id, started_by, created_at)
  select organization_id, id, tests.id('stefan as human'), app_hidden.now() from tests.room(appointment) returning id into v_id;
  update app_public.video_recordings set status = state, ended_because = because, ended_at = case when because is not null then app_hidden.now() end, vendor_id = vendor
  where id = v_id and state <> 'starting';
end $$;
create function pg_temp.recorded(appointment text) returns text language sql as $$
  select string_agg(concat_ws(' ', status, ended_because, vendor_id), ', ' order by created_at, id) from app_public.video_recordings where video_room_id = (tests.room(appointment)).id $$;
create function pg_temp.told(type text, vendor_id text default null) returns text language sql as $$
  select app_private.record_video_report(null, (tests.room('call')).room_name, type, vendor_id, 0) $$;
select tests.remember('stefan as human', (select human_id from app_public.specialists where id = tests.id('stefan')));

-- Making and taking away.
create function pg_temp.due() returns text[] language sql as $$
  select array(select n from unnest('{call,other}'::text[]) n join app_private.due_video_rooms() d on d.appointment_id = tests.id(n) order by n) $$;
select tests.settle_call('call');
select is(pg_temp.due(), '{call,other}', 'that one call has a room is none for the other');
select tests.settle_call('other');
select app_private.record_video_trouble((tests.room('call')).id, 'vendor_unreachable', null);
select is(pg_temp.states(), '{wanted0,delayed1}', 'trouble about one room delays it alone');
select tests.room_is_made('call');
select is(pg_temp.states(), '{wanted0,ready0}', 'made is the one that the vendor made');
select tests.room_is_made('other');
update app_public.video_rooms set status = 'closing' where id = (tests.room('call')).id;
select app_private.record_video_room_made((tests.room('call')).id, (tests.room('call')).room_name, 'https://vendor.test/x', null);
select is(pg_temp.states(), '{ready0,closing0}', 'one that is to go is not ready again');
select app_private.record_video_room_gone((tests.room('call')).id, 'rx-' || repeat('0', 32));
select is(pg_temp.states(), '{ready0,closing0}', 'that an earlier one is gone says nothing of it');
select app_private.record_video_room_gone((tests.room('call')).id, (tests.room('call')).room_name);
select is(pg_temp.states(), '{ready0,closed0}', 'gone is the one that the vendor took away');
select is(pg_temp.due(), '{call,other}', 'and one that is gone is none for a call that takes place');
delete from graphile_worker._private_jobs;
select app_private.record_video_trouble((tests.room('call')).id, 'vendor_unreachable', null);
select is(pg_temp.states(), '{ready0,closed0}', 'about a room that is closed nothing is troublesome');
select is((select count(*) from graphile_worker._private_jobs), 0::bigint, 'nor tried again');
select is(tests.settle_call('call'), 'wanted', 'the session wants one again');
select tests.room_is_made('call');

-- Recordings: the other room's are older.
select pg_temp.recording('other', 'running');
select tests.freeze_time('2027-03-08 10:01+02');
select pg_temp.recording('call', 'failed', 'vendor');
select tests.freeze_time('2027-03-08 10:02+02');
select pg_temp.recording('call', 'running');
select is(pg_temp.told('meeting.ended'), 'recorded', 'a call has ended');
select is(pg_temp.recorded('call'), 'failed vendor, stopped call_over', 'what was recorded of it with it');
select is(pg_temp.recorded('other'), 'running', 'the other goes on');
select tests.freeze_time('2027-03-08 10:03+02');
select pg_temp.recording('call', 'running');
select is(pg_temp.told('recording.ready-to-download', 'v1'), 'recorded', 'the first can be had');
select is(pg_temp.recorded('call'), 'failed vendor, stopped call_over v1, running', 'not the one that failed, nor the next');
select is(pg_temp.told('recording.ready-to-download', 'v2'), 'recorded', 'and then the next');
select is(pg_temp.recorded('call'), 'failed vendor, stopped call_over v1, running v2', 'each under its own name');
select is(app_private.record_video_report(null, (tests.room('other')).room_name, 'recording.ready-to-download', 'v1', 0), 'recorded', 'a name that another room knows is news to this one');
delete from graphile_worker._private_jobs;
select tests.act_as('ana');
select is((app_public.stop_recording(tests.id('call'))).ended_because, 'participant', 'who ends theirs');
select is(array[tests.queued(tests.room('call')), tests.queued(tests.room('other'))], '{1,0}', 'has the vendor told of that');
select tests.act_as('bogdan');
select is((select count(*) from app_public.video_recordings where status = 'running'), 1::bigint, 'ends not the other');
select is((app_public.stop_recording(tests.id('other'))).vendor_id, 'v1', 'whose patient hears of the own recording');
reset role;
select app_private.record_recording_stopped((tests.room('call')).id);
select is(pg_temp.recorded('call'), 'failed vendor, stopped call_over v1, stopped participant v2', 'one has ended');
select is(pg_temp.recorded('other'), 'stopping participant v1', 'the other not yet');
select results_eq($$select (app_private.video_room_work((tests.room(n)).id)).stops_recording from unnest('{call,other}'::text[]) n$$, 'values (false), (true)', 'as the worker sees');

-- What the queue lost: of rooms and recordings on which nobody worked for longer than two minutes.
create function pg_temp.picked_up() returns text[] language plpgsql as $$
begin
  delete from graphile_worker._private_jobs;
  perform app_private.pick_up_video_rooms();
  return array(select n from unnest('{call,other}'::text[]) n where tests.queued(tests.room(n)) = 1);
end $$;
select tests.freeze_time('2027-03-08 10:05+02');
select is(pg_temp.picked_up(), '{}', 'two minutes are not longer');
select tests.freeze_time('2027-03-08 10:05:01+02');
select is(pg_temp.picked_up(), '{other}', 'a recording that is to end, not the room beside it');
select is(pg_temp.recorded('other'), 'stopping participant v1', 'which goes on ending for its own reason');
select app_private.record_recording_stopped((tests.room('other')).id);
select pg_temp.recording('call', 'running');
update app_public.video_rooms set status = 'closing' where id = (tests.room('other')).id;
select tests.freeze_time('2027-03-08 10:06+02');
select pg_temp.recording('other', 'starting');
select tests.freeze_time('2027-03-08 10:07:01+02');
select is(pg_temp.picked_up(), '{}', 'two minutes are not longer for a room either');
select tests.freeze_time('2027-03-08 10:08+02');
select is(pg_temp.picked_up(), '{other}', 'a room on which nobody works, not one where a recording runs');
select is(pg_temp.recorded('other'), 'stopped participant v1, starting', 'its recording has not waited long enough');
update app_public.video_recordings set status = 'stopped', ended_because = 'participant', ended_at = app_hidden.now() where video_room_id = (tests.room('call')).id and status = 'running';
select pg_temp.recording('call', 'starting');
select tests.freeze_time('2027-03-08 10:10:01+02');
update app_public.video_rooms set tries = 0 where id = (tests.room('call')).id;
select is(pg_temp.picked_up(), '{other}', 'later');
select is(pg_temp.recorded('other') || '; ' || pg_temp.recorded('call'),
  'stopped participant v1, stopping not_answered; failed vendor, stopped call_over v1, stopped participant v2, stopped participant, starting', 'it has, and that of a room on which somebody works is let be');
select app_private.record_recording_stopped((tests.room('other')).id);
select app_private.record_video_room_gone((tests.room('other')).id, (tests.room('other')).room_name);
select tests.freeze_time('2027-03-08 10:30+02');
select is(pg_temp.picked_up(), '{call}', 'on one that is closed nobody has to work');
select * from finish();
rollback;
