-- Test: consume_notifications, appointment_facts - the owner of this clinic, this appointment's facts, and what its own people did not do. APT-08, FND-01, FND-15.
begin;
select plan(10);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('otto', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('beata', 'front_desk', 'atlas');
update app_public.memberships set ended_at = app_hidden.now() where human_id = tests.id('otto');
update app_public.memberships set ended_at = app_hidden.now() where human_id = tests.id('beata') and organization_id = tests.id('atlas');
select tests.specialist('ana');
select tests.specialist('dan');
select tests.calendar('mondays', '{ana,dan}');
select tests.calendar('tuesdays', '{ana,dan}', timezone => 'Europe/London', modality => 'video');
update app_public.services set name = 'Masaj' where id = (select service_id from app_public.calendars where id = tests.id('tuesdays'));
select tests.patient('maria');
select tests.appointment('direct', 'maria', 'tuesdays', 'dan', '2027-03-09 11:00+02');
select tests.appointment('other', 'maria', 'mondays', 'ana', '2027-03-08 11:00+02');
create function pg_temp.consume(name text, subject text) returns setof app_public.messages language plpgsql as $$
declare v_event uuid;
begin
  insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
  values (tests.id('atlas'), consume.name, 1, split_part(consume.name, '.', 1), tests.id(subject), case split_part(consume.name, '.', 1) when 'organization' then '{"slug": "atlas"}'::jsonb else '{}' end, app_hidden.now())
  returning id into v_event;
  perform app_private.consume_notifications(v_event);
  return query select * from app_public.messages where event_id = v_event and messages.channel = 'email' order by recipient_email;
end;
$$;

select results_eq($$select recipient_email, data from pg_temp.consume('organization.activated', 'atlas')$$,
  $$values ('olga@people.test', '{"clinicSlug": "atlas"}'::jsonb)$$, 'a clinic that opens is told to its owner: not to who was one, to other staff, or to another clinic''s');
select results_eq($$select recipient_email, data from pg_temp.consume('appointment.booked', 'direct')$$,
  $$values ('maria@people.test', '{"serviceName": "Masaj", "specialistName": "Dr. Dan Ionescu", "startsAt": "2027-03-09T09:00:00+00:00", "endsAt": "2027-03-09T10:00:00+00:00",
      "timezone": "Europe/London", "modality": "video", "bookingRequestId": null}'::jsonb)$$, 'an appointment is told with its own service, specialist, calendar and time');
select is(app_private.appointment_facts(tests.id('boreal'), c.id, c.service_id, tests.id('dan'), now(), now(), null, 'ro'), null, 'another clinic has no such calendar')
from app_public.calendars c where c.id = tests.id('tuesdays');
select tests.booking_request('one', 'mondays', 'ana', '2027-03-08 09:00+02', 'one@people.test'), tests.booking_request('two', 'mondays', 'dan', '2027-03-08 09:00+02', 'two@people.test');
select results_eq($$select recipient_email, data ->> 'specialistName' from pg_temp.consume('booking_request.rejected', 'two')$$,
  $$values ('two@people.test', 'Dr. Dan Ionescu')$$, 'a request is answered to who made it');

-- The clinic hears of what its own people did not do.
create function pg_temp.moved(appointment text, to_status text, who uuid) returns void language sql as $$
  insert into app_public.appointment_moves (organization_id, appointment_id, from_status, to_status, moved_by, moved_at)
  values (tests.id('atlas'), tests.id(moved.appointment), 'booked', moved.to_status, moved.who, app_hidden.now());
$$;
create function pg_temp.clinic_hears() returns boolean language sql as $$
  select exists (select from pg_temp.consume('appointment.cancelled', 'direct') m where m.template_key = 'appointment_cancelled_by_patient' and m.recipient_email is not distinct from nullif(
    coalesce((select o.contact_email from app_public.organizations o where o.id = tests.id('atlas')), ''), ''))
$$;
select pg_temp.moved('other', 'cancelled', tests.id('olga')), pg_temp.moved('direct', 'confirmed', tests.id('olga'));
select ok(pg_temp.clinic_hears(), 'though staff cancelled another one, and confirmed this');
select pg_temp.moved('direct', 'cancelled', (select human_id from app_public.patient_profiles where id = tests.id('maria')));
select ok(pg_temp.clinic_hears(), 'of what the patient cancelled');
select pg_temp.moved('direct', 'cancelled', tests.id('beata'));
select ok(pg_temp.clinic_hears(), 'of what somebody cancelled who works elsewhere, or did so here');
select pg_temp.moved('direct', 'cancelled', null);
select ok(pg_temp.clinic_hears(), 'of what nobody in person cancelled');
update app_public.organizations set contact_email = null where id = tests.id('atlas');
select ok(not pg_temp.clinic_hears(), 'where it has an address');
update app_public.organizations set contact_email = 'contact@atlas.test' where id = tests.id('atlas');
select pg_temp.moved('direct', 'cancelled', tests.id('adrian'));
select ok(not pg_temp.clinic_hears(), 'and not of what its people did');
select * from finish();
rollback;
