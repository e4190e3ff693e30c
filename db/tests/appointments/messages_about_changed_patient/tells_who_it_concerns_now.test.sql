-- Test: messages_about_changed_patient - whoever the appointment is with when the event is heard, and of what still takes place. FND-34, FND-15.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.specialist('dr stefan', '{"mon": [["08:00", "18:00"]]}');
select tests.calendar('mondays', '{dr stefan}');
select tests.patient(name, account => false, email => name || '@people.test') from (values ('elena'), ('matei'), ('sofia')) as p (name);
create function pg_temp.booked(name text, patient text, at timestamptz, request text default null) returns void language sql as $$
  select tests.appointment(booked.name, booked.patient, 'mondays', 'dr stefan', booked.at, booked.request);
$$;
-- A move to another chart, and what it published: heard now, or later.
create function pg_temp.moved(appointment text, "from" text, "to" text) returns uuid language plpgsql as $$
declare
  v_event uuid;
begin
  update app_public.appointments set patient_profile_id = tests.id(moved.to) where id = tests.id(moved.appointment);
  insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
  values (tests.id('atlas'), 'appointment.patient_changed', 1, 'appointment', tests.id(moved.appointment),
    jsonb_build_object('fromPatientProfileId', tests.id(moved.from), 'patientProfileId', tests.id(moved.to)), app_hidden.now())
  returning id into v_event;
  return v_event;
end;
$$;
-- Told of the booking before, as far as the test's clock knows.
create function pg_temp.told(appointment text, patient text) returns void language plpgsql as $$
declare
  v_event uuid;
begin
  insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
  values (tests.id('atlas'), 'appointment.booked', 1, 'appointment', tests.id(told.appointment), '{}', app_hidden.now()) returning id into v_event;
  perform app_private.consume_notifications(v_event);
  update app_public.messages set status = 'sent', sent_at = app_hidden.now(), attempts = 1 where status = 'queued';
end;
$$;
create function pg_temp.heard(event uuid) returns text[] language plpgsql as $$
begin
  perform app_private.consume_notifications(heard.event);
  return coalesce((select array_agg(p.given_name || ' ' || m.template_key order by p.given_name)
    from app_public.messages m join app_public.patient_profiles p on p.id = m.patient_profile_id
    where m.event_id = heard.event and m.channel = 'email'), '{}');
end;
$$;

select pg_temp.booked('plain', 'elena', '2027-03-08 10:00+02');
select pg_temp.told('plain', 'elena');
select is(pg_temp.heard(pg_temp.moved('plain', 'elena', 'matei')), '{Elena appointment_cancelled,Matei appointment_booked}', 'one is told that it is not theirs, the other that it is');

-- Moved on before anybody heard of it.
select pg_temp.booked('there and back', 'elena', '2027-03-08 11:00+02');
select pg_temp.told('there and back', 'elena');
create temporary table event as select pg_temp.moved('there and back', 'elena', 'matei') as there, pg_temp.moved('there and back', 'matei', 'elena') as back;
select is(pg_temp.heard((select there from event)), '{}', 'what came back in the meantime is cancelled to nobody');
select is(pg_temp.heard((select back from event)), '{}', 'and told to nobody anew');
select pg_temp.booked('further', 'elena', '2027-03-08 12:00+02');
select pg_temp.told('further', 'elena');
drop table event;
create temporary table event as select pg_temp.moved('further', 'elena', 'matei') as there, pg_temp.moved('further', 'matei', 'sofia') as further;
select is(pg_temp.heard((select there from event)), '{Elena appointment_cancelled}', 'who had it in between is not told');
select is(pg_temp.heard((select further from event)), '{Sofia appointment_booked}', 'who has it now is');

-- A guest was told with the answer, at the address they gave.
select tests.booking_request('the request', 'mondays', 'dr stefan', '2027-03-08 13:00+02');
select pg_temp.booked('of a guest', 'elena', '2027-03-08 14:00+02', 'the request');
select is(pg_temp.heard(pg_temp.moved('of a guest', 'elena', 'matei')), '{}', 'an appointment that grew out of a request was told to the guest');

-- Only what will take place.
select pg_temp.booked('now', 'elena', '2027-03-08 15:00+02');
select pg_temp.booked('cancelled', 'elena', '2027-03-08 16:00+02');
select pg_temp.booked('deleted', 'elena', '2027-03-08 17:00+02');
select pg_temp.told(name, 'elena') from (values ('now'), ('cancelled'), ('deleted')) as a (name);
create temporary table events as select name, pg_temp.moved(name, 'elena', 'matei') as id from (values ('now'), ('cancelled'), ('deleted')) as a (name);
update app_public.appointments set status = 'cancelled' where id = tests.id('cancelled');
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('deleted');
select is(pg_temp.heard((select id from events where name = 'cancelled')), '{}', 'of what was cancelled nobody is told here');
select is(pg_temp.heard((select id from events where name = 'deleted')), '{}', 'nor of what was taken out of the calendar');
select tests.freeze_time('2027-03-08 15:00+02');
select is(pg_temp.heard((select id from events where name = 'now')), '{}', 'nor of what begins this moment');
select * from finish();
rollback;
