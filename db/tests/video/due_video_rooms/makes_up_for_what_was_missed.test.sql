-- Test: due_video_rooms, pick_up_video_rooms - what no event told, or the queue lost, is made up every minute. APT-07.
begin;
select plan(14);
select tests.video_clinic();
create function pg_temp.due() returns text[] language sql as $$
  select array_agg(n.name order by n.name) from app_private.due_video_rooms() d
  join unnest('{call,visit,late,removed}'::text[]) as n (name) on tests.id(n.name) = d.appointment_id $$;
select tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-08 12:00+02');
select tests.appointment('late', 'bogdan', 'calls', 'stefan', '2027-03-08 13:00+02');
select tests.appointment('removed', 'bogdan', 'calls', 'stefan', '2027-03-08 14:00+02');
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('removed');
select is(pg_temp.due(), null, 'two hours before, nobody');
update app_public.organizations set start_lead_minutes = 1440;
update app_public.appointments set starts_at = starts_at + interval '22 hours', ends_at = ends_at + interval '22 hours' where id = tests.id('call');
select is(pg_temp.due(), '{call,late}', 'unless sessions may be started a day before');
update app_public.appointments set starts_at = starts_at - interval '22 hours', ends_at = ends_at - interval '22 hours' where id = tests.id('call');
update app_public.organizations set start_lead_minutes = default;
select tests.freeze_time('2027-03-08 10:00+02');
select is(pg_temp.due(), '{call}', 'an hour before, the call');
select tests.consent('ana', 'telemedicine');
select tests.settle_call('call');
select is(pg_temp.due(), '{call}', 'and while it has a room');
delete from graphile_worker._private_jobs where key = 'video_room:' || (tests.room('call')).id;
select app_private.pick_up_video_rooms();
select is(tests.queued(tests.room('call')), 0, 'what is under way is let be');
select tests.freeze_time('2027-03-08 10:03+02');
select app_private.pick_up_video_rooms();
select is(tests.queued(tests.room('call')), 1, 'what the queue lost is queued again');

select tests.room_is_made('call');
delete from graphile_worker._private_jobs where key = 'video_room:' || (tests.room('call')).id;
select tests.freeze_time('2027-03-08 10:10+02');
select app_private.pick_up_video_rooms();
select is(tests.queued(tests.room('call')), 0, 'a room that is ready needs nobody');
select tests.consent('ana', 'video_recording');
select tests.act_as('stefan');
select app_hidden.begin_recording(tests.id('call'));
reset role;
select app_private.pick_up_video_rooms();
select is(tests.queued(tests.room('call')), 0, 'nor does a recording that has just begun');
select tests.freeze_time('2027-03-08 10:13+02');
select app_private.pick_up_video_rooms();
select is(tests.queued(tests.room('call')), 1, 'one of which nobody knows whether it runs');
select is((select ended_because from app_public.video_recordings), 'not_answered', 'is to end');

select tests.freeze_time('2027-03-08 15:00+02');
select is(pg_temp.due(), '{call}', 'a call that was over while nobody worked is settled');
select is(tests.settle_call('call'), 'closing', 'and its room goes');
select app_private.record_video_room_gone((tests.room('call')).id, (tests.room('call')).room_name);
select is(pg_temp.due(), null, 'then nobody is left');
select results_eq('select app_private.clinics_with_video()', $$values (tests.id('atlas'))$$, 'whose account is swept for a week');
select * from finish();
rollback;
