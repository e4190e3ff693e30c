-- A video call of tomorrow's neighbours in one line.

create or replace function tests.video_clinic() returns void
language plpgsql volatile security definer
as $$
begin
  perform tests.freeze_time('2027-03-08 09:00+02');
  perform tests.clinic('atlas');
  perform tests.staff('adrian', 'admin');
  perform tests.specialist('stefan', account => true);
  perform tests.specialist('mihai', account => true);
  perform tests.patient('ana');
  perform tests.patient('bogdan');
  perform tests.calendar('calls', '{stefan}', modality => 'video');
  perform tests.calendar('visits', '{stefan}');
  perform tests.appointment('call', 'ana', 'calls', 'stefan', '2027-03-08 11:00+02');
end;
$$;

comment on function tests.video_clinic() is 'Atlas at nine: Ana has a call with Stefan at eleven; an hour before it a room is made.';

create or replace function tests.settle_call(appointment text) returns text
language plpgsql volatile security definer
as $$
begin
  perform app_private.settle_video_room(tests.id('atlas'), tests.id(settle_call.appointment));
  return (select status from app_public.video_rooms where appointment_id = tests.id(settle_call.appointment));
end;
$$;

comment on function tests.settle_call(text) is 'Settles the room of an appointment; answers how it stands, null where there is none.';

create or replace function tests.room(appointment text) returns app_public.video_rooms
language sql stable security definer
return (select r from app_public.video_rooms r where r.appointment_id = tests.id(room.appointment));

comment on function tests.room(text) is 'The room of an appointment as it stands.';

create or replace function tests.room_is_made(appointment text) returns void
language plpgsql volatile security definer
as $$
begin
  perform tests.settle_call(room_is_made.appointment);
  perform app_private.record_video_room_made(r.id, r.room_name, 'https://vendor.test/' || r.room_name, null)
  from tests.room(room_is_made.appointment) as r;
end;
$$;

comment on function tests.room_is_made(text) is 'The vendor has made the room of an appointment.';

create or replace function tests.queued(room app_public.video_rooms) returns int
language sql stable security definer
return (select count(*)::int from graphile_worker.jobs where key = 'video_room:' || (queued.room).id);

comment on function tests.queued(app_public.video_rooms) is 'How many jobs wait for a room.';
