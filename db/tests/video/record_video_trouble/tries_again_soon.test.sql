-- Test: record_video_trouble - what the vendor does not do is tried again, sooner than somebody gives up waiting. APT-07.
begin;
select plan(13);
select tests.video_clinic();
select tests.freeze_time('2027-03-08 10:00+02');
select tests.consent('ana', 'telemedicine');
select tests.settle_call('call');
create function pg_temp.trouble(problem text, retry_after int default null) returns int language plpgsql as $$
begin
  perform app_private.record_video_trouble((tests.room('call')).id, problem, retry_after);
  return (select round(extract(epoch from run_at - clock_timestamp()))::int from graphile_worker.jobs where key = 'video_room:' || (tests.room('call')).id);
end;
$$;
select is(pg_temp.trouble('vendor_unreachable'), 2, 'in two seconds');
select is((tests.room('call')).status, 'delayed', 'the room says that it is late');
select is((tests.room('call')).problem, 'vendor_unreachable', 'and why');
select is(pg_temp.trouble('vendor_refused'), 4, 'in four');
select is(pg_temp.trouble('vendor_refused', 30), 30, 'when the vendor says');
select is(pg_temp.trouble('vendor_refused', 100000), 300, 'in reason');
select is(pg_temp.trouble('vendor_refused'), 32, 'in thirty-two');
select is(pg_temp.trouble('vendor_refused'), 60, 'never later than in a minute');
select is(pg_temp.trouble('credentials_refused'), 60, 'however often');
select is(tests.queued(tests.room('call')), 1, 'one job waits');
select tests.act_as('stefan');
select is((app_public.start_appointment(tests.id('call'))).status, 'inprogress', 'the session begins all the same');
reset role;
select tests.room_is_made('call');
select results_eq($$select status, problem, tries from tests.room('call')$$, $$values ('ready', null::text, 0)$$, 'and nothing is the matter any more');
select app_private.record_video_room_gone((tests.room('call')).id, (tests.room('call')).room_name);
select is((tests.room('call')).status, 'ready', 'a room that is not to go does not go');
select * from finish();
rollback;
