-- Test: consume_video - an appointment that moved settles its own room; a withdrawal ends what is recorded of that patient, at that
-- clinic, and nobody else's call. APT-07, CNS-08, FND-05.
begin;
select plan(9);
select tests.video_clinic();
select tests.clinic('boreal');
select tests.specialist('sorin', account => true);
select tests.patient('bogdan');
select tests.calendar('northern calls', '{sorin}', modality => 'video');
select tests.appointment('northern', 'bogdan', 'northern calls', 'sorin', '2027-03-08 11:00+02');
select set_config('tests.clinic', 'atlas', true);
select tests.calendar('more calls', '{mihai}', modality => 'video');
select tests.appointment('of bogdan', 'bogdan', 'more calls', 'mihai', '2027-03-08 11:00+02');
select tests.freeze_time('2027-03-08 10:00+02');
select tests.consent(patient, purpose, clinic => clinic)
from unnest('{telemedicine,video_recording}'::text[]) purpose,
     (values ('ana', 'atlas'), ('bogdan', 'atlas'), ('bogdan', 'boreal')) as w (patient, clinic);
create function pg_temp.consume(of_event text, subject uuid default null) returns void language sql as $$
  select app_private.consume_video((select id from app_private.events where name = of_event and subject_id = coalesce(subject, subject_id) order by position desc, id desc limit 1)) $$;
create function pg_temp.records(specialist text, appointment text) returns void language plpgsql as $$
declare
  v_id uuid;
begin
  perform app_private.record_video_room_made(r.id, r.room_name, 'https://vendor.test/' || r.room_name, null) from tests.room(appointment) r;
  perform tests.act_as(specialist);
  select id into v_id from app_hidden.begin_recording(tests.id(appointment));
  reset role;
  perform app_hidden.record_recording(v_id, 'running');
end;
$$;
create function pg_temp.recorded(appointment text) returns text language sql as $$
  select string_agg(concat_ws(' ', status, ended_because), ', ') from app_public.video_recordings where video_room_id = (tests.room(appointment)).id $$;

update app_public.appointments set status = 'confirmed' where id = tests.id('call');
select pg_temp.consume('appointment.confirmed', tests.id('call'));
select is((tests.room('call')).status, 'wanted', 'the room of an appointment that was told of is wanted');
select is((tests.room('of bogdan')).status, null, 'no other');
select app_private.settle_video_room(tests.id('atlas'), tests.id('of bogdan')), app_private.settle_video_room(tests.id('boreal'), tests.id('northern'));
select pg_temp.records('stefan', 'call'), pg_temp.records('mihai', 'of bogdan'), pg_temp.records('sorin', 'northern');

select tests.act_as('bogdan');
select app_public.withdraw_consent('video_recording', tests.id('bogdan at atlas'));
reset role;
select pg_temp.consume('consent.withdrawn');
select is(pg_temp.recorded('of bogdan'), 'stopping consent_withdrawn', 'a withdrawal ends what is recorded of the patient');
select is(pg_temp.recorded('call'), 'running', 'not what is recorded of another');
select is(pg_temp.recorded('northern'), 'running', 'nor at another clinic');
select is((tests.room('of bogdan')).status, 'ready', 'the call goes on');
select tests.act_as('bogdan');
select app_public.withdraw_consent('telemedicine', tests.id('bogdan at atlas'));
reset role;
select pg_temp.consume('consent.withdrawn');
select is(array[(tests.room('of bogdan')).status, (tests.room('call')).status, (tests.room('northern')).status], '{closing,ready,ready}', 'until that is withdrawn, too');

-- The reaper looks through the accounts of a week.
create function pg_temp.swept() returns text[] language sql as $$
  select array_agg(o.slug order by o.slug) from app_private.clinics_with_video() v join app_public.organizations o on o.id = v $$;
update app_public.video_rooms set opens_at = app_hidden.now() - interval '8 days', expires_at = app_hidden.now() - interval '7 days' + case when organization_id = tests.id('atlas') then interval '1 second' else '0' end;
select is(pg_temp.swept(), '{atlas}', 'a clinic whose last room was over a week ago is swept no more');
update app_public.video_rooms set expires_at = expires_at - interval '1 second';
select is(pg_temp.swept(), null, 'nor is any after a week');
select * from finish();
rollback;
