-- Test: tg_appointments__publish_changed, tg_booking_requests__publish_changed - another time or specialist, removed and brought back are told; what nobody sees is not. FND-14, SCH-12.
begin;
select plan(6);
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.specialist('mihai');
select tests.calendar('visits', specialists => '{ana,mihai}');
select tests.patient('ioana', account => false);
select tests.appointment('visit', 'ioana', 'visits', 'ana', '2031-03-03 10:00+02');
select tests.booking_request('asked', 'visits', 'ana', '2031-03-03 12:00+02');
select tests.act_as('the database');
create function pg_temp.told(subject text) returns bigint language sql as $$
  select count(*) from app_private.events where subject_id = tests.id(subject) and name like '%.changed'
$$;
update app_public.appointments set contact_name = 'Ioana Pop', specialist_id = tests.id('ana') where id = tests.id('visit');
select is(pg_temp.told('visit'), 0::bigint, 'the same specialist is no change');
update app_public.appointments set specialist_id = tests.id('mihai') where id = tests.id('visit');
select is((select payload from app_private.events where subject_id = tests.id('visit') and name = 'appointment.changed'),
  jsonb_build_object('appointmentId', tests.id('visit'), 'specialistId', tests.id('mihai'), 'fromSpecialistId', tests.id('ana')), 'another is, with both');
update app_public.appointments set starts_at = starts_at - interval '1 hour' where id = tests.id('visit');
update app_public.appointments set ends_at = ends_at - interval '1 hour' where id = tests.id('visit');
select is(pg_temp.told('visit'), 3::bigint, 'another beginning or end');
update app_public.appointments set deleted_at = now() where id = tests.id('visit');
update app_public.appointments set deleted_at = null where id = tests.id('visit');
select is(pg_temp.told('visit'), 5::bigint, 'removed, and brought back');
update app_public.booking_requests set message = 'Bună', ends_at = ends_at where id = tests.id('asked');
select is(pg_temp.told('asked'), 0::bigint, 'what else a request says is no change');
update app_public.booking_requests set specialist_id = tests.id('mihai') where id = tests.id('asked');
update app_public.booking_requests set starts_at = starts_at - interval '1 hour' where id = tests.id('asked');
update app_public.booking_requests set ends_at = ends_at - interval '1 hour' where id = tests.id('asked');
select is(pg_temp.told('asked'), 3::bigint, 'another specialist, beginning or end is');
select * from finish();
rollback;
