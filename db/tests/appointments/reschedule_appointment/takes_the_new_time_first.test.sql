-- Test: reschedule_appointment - the new time is taken and the old one free in one step; rules, policy, turns, price, plan and history follow. APT-02, APT-03, CAT-04.
begin;
select plan(60);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal'), tests.staff('otto', 'owner'), tests.specialist('dr oana', '{"mon": [["09:00", "18:00"]]}'), tests.calendar('theirs', '{dr oana}');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('stefan', 'specialist');
select tests.specialist('dr stefan', '{"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]}'), tests.specialist('dr maria', '{"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]}');
select tests.patient('ana'), tests.patient('bogdan'), tests.consent('bogdan', 'telemedicine'), tests.caregiver('corina', 'ana', 'spouse');
select tests.service('massage', specialists => '{dr stefan,dr maria}'), tests.calendar('massages', '{dr stefan,dr maria}', service => 'massage');
select tests.calendar('chosen', '{dr stefan,dr maria}', service => 'massage', strategy => 'specific');
select tests.service('exercise', price_amount => 30000, specialists => '{dr stefan}'), tests.calendar('exercises', '{dr stefan}', service => 'exercise', modality => 'video');
insert into app_public.booking_policies (organization_id, name, is_default, reschedule_minutes, reschedule_limit) values (tests.id('atlas'), 'All', true, 120, 2);

create function pg_temp.book(name text, at timestamptz, specialist text default null, calendar text default 'massages', patient text default 'ana') returns void language plpgsql as $$
begin
  perform tests.act_as('flavia');
  perform tests.remember(name, (app_public.book_directly(tests.id(calendar), at, tests.id(patient), case when specialist is not null then tests.id(specialist) end)).id);
  perform tests.act_as('the database');
end $$;
create function pg_temp.is_at(name text) returns text language sql as $$
  select concat_ws(' ', a.status, to_char(a.starts_at at time zone 'Europe/Bucharest', 'Dy HH24:MI'), substr(lower(s.given_name), 4), a.reschedule_count)
  from app_public.appointments a join app_public.specialists s on s.id = a.specialist_id where a.id = tests.id(name) $$;
create function pg_temp.turns(calendar text default 'massages') returns text language sql as $$
  select string_agg(substr(lower(s.given_name), 4) || ' ' || t.assigned_count, ', ' order by s.given_name) from app_private.specialist_assignment_tracking t
  join app_public.specialists s on s.id = t.specialist_id where t.calendar_id = tests.id(calendar) $$;
create function pg_temp.events(visit text) returns bigint language sql as $$
  select count(*) from app_private.events where subject_id = tests.id(visit) and name = 'appointment.rescheduled' $$;

select pg_temp.book('visit', '2027-03-01 14:00+02', 'dr stefan'), pg_temp.book('of bogdan', '2027-03-01 15:00+02', 'dr stefan', patient => 'bogdan');
select is(pg_temp.turns(), 'maria 0, stefan 2', 'two turns were his');

-- Who, and what is none of theirs.
select tests.act_as('bogdan');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 16:00+02')$$, 'NOT_FOUND', 'appointment_not_found', 'another patient finds nothing');
select tests.act_as('otto');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 16:00+02')$$, 'NOT_FOUND', 'appointment_not_found', 'nor does another clinic');
select tests.act_as('stefan');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 16:00+02')$$, 'FORBIDDEN', 'move_not_allowed', 'a specialist leaves it to front desk');
select tests.act_as('flavia');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 16:00+02', calendar_id => tests.id('theirs'))$$, 'NOT_FOUND', 'calendar_not_found', 'a calendar of another clinic is none');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 16:00+02', specialist_id => tests.id('dr oana'))$$, 'VALIDATION', 'unknown_specialist', 'nor is a specialist of another');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 14:00+02')$$, 'CONFLICT', 'already_at_this_time', 'where it is it need not go');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 15:00+02', specialist_id => tests.id('dr stefan'))$$, 'SLOT_TAKEN', 'slot_taken', 'a time that is taken is taken');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 20:00+02')$$, 'VALIDATION', 'outside_hours', 'the hours hold');
select tests.act_as('ana');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 20:00+02', override_reason => 'I insist')$$, 'NOT_FOUND', 'not_found', 'and are not hers to set aside');

-- The patient, within what was promised.
select set_config('app.idempotency_key', 'first move', true);
select is((app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 16:00+02')).id, tests.id('visit'), 'she moves it');
select is((app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 16:00+02')).id, tests.id('visit'), 'and asked twice it is told once more');
select set_config('app.idempotency_key', '', true);
select tests.act_as('the database');
select is(pg_temp.is_at('visit'), 'booked Mon 16:00 maria 1', 'to whose turn it was, once');
select is(pg_temp.turns(), 'maria 1, stefan 1', 'and the turn went along');
select is(pg_temp.events('visit'), 1::bigint, 'it is published');
select is((select payload - '{appointmentId,patientProfileId,calendarId,fromCalendarId,serviceId,fromServiceId}'::text[] from app_private.events where subject_id = tests.id('visit') and name = 'appointment.rescheduled'),
  jsonb_build_object('from', 'booked', 'to', 'booked', 'specialistId', tests.id('dr maria'), 'fromSpecialistId', tests.id('dr stefan'), 'startsAt', '2027-03-01 16:00+02'::timestamptz, 'endsAt', '2027-03-01 17:00+02'::timestamptz,
    'fromStartsAt', '2027-03-01 14:00+02'::timestamptz, 'fromEndsAt', '2027-03-01 15:00+02'::timestamptz), 'from where to where');
select is((select (count(*), bool_and(released_at is null)) from app_private.time_claims where id = (select claim_id from app_public.appointments where id = tests.id('visit'))), (1::bigint, true), 'by the claim it had');
select lives_ok($$select pg_temp.book('in its place', '2027-03-01 14:00+02', 'dr stefan', patient => 'bogdan')$$, 'the old time is free');
select tests.act_as('corina');
select is((app_public.reschedule_appointment(tests.id('visit'), '2027-03-02 11:00+02')).reschedule_count, 2, 'a caregiver moves it once more');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('visit'), '2027-03-02 12:00+02')$$, 'STATE', 'rescheduled_too_often', 'a third time is too often');
select tests.act_as('flavia');
select is((app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 12:00+02', specialist_id => tests.id('dr stefan'))).reschedule_count, 2, 'not for front desk, and it does not count');
select tests.freeze_time('2027-03-01 10:01+02');
select tests.act_as('the database');
select is(pg_temp.is_at('visit'), 'booked Mon 12:00 stefan 2', 'it is where they put it');
select pg_temp.book('soon', '2027-03-01 12:00+02', 'dr maria', patient => 'bogdan');
select tests.act_as('bogdan');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('soon'), '2027-03-02 12:00+02')$$, 'STATE', 'too_late_to_reschedule', 'less than two hours before it is too late');

-- What was confirmed was the other time; what is over stays.
select tests.act_as('ana');
select is((app_public.confirm_appointment(tests.id('visit'))).status, 'confirmed', 'she confirms');
select tests.act_as('flavia');
select is((app_public.reschedule_appointment(tests.id('visit'), '2027-03-01 18:00+02', override_reason => ' The last train ')).override_reason, 'The last train', 'moved past the hours with a reason');
select tests.act_as('the database');
select is(pg_temp.is_at('visit'), 'booked Mon 18:00 maria 2', 'it is to be confirmed again');
select results_eq($$select from_status, to_status, reason, overridden_rules from app_public.appointment_moves where appointment_id = tests.id('visit') order by moved_at desc, id desc limit 2$$,
  $$values ('confirmed', 'booked', 'The last train', '{outside_hours,off_the_grid}'::text[]), ('booked', 'confirmed', null, null)$$, 'the moves say so');
select tests.act_as('flavia');
select is((app_public.reschedule_appointment(tests.id('visit'), '2027-03-02 09:00+02', specialist_id => tests.id('dr stefan'))).override_reason, null, 'within the rules again');
select is((app_public.cancel_appointment(tests.id('of bogdan'))).status, 'cancelled', 'what is cancelled');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('of bogdan'), '2027-03-02 12:00+02')$$, 'STATE', 'appointment_is_cancelled', 'is not moved');

-- Where the visitor picks, it stays with whom they picked.
select tests.act_as('the database');
select pg_temp.book('picked', '2027-03-01 13:00+02', 'dr stefan', 'chosen', 'bogdan');
select tests.act_as('bogdan');
select lives_ok($$select app_public.reschedule_appointment(tests.id('picked'), '2027-03-02 13:00+02')$$, 'bogdan picked');
select tests.act_as('the database');
select is(pg_temp.is_at('picked'), 'booked Tue 13:00 stefan 1', 'and keeps him');
select is(pg_temp.turns('chosen'), 'maria 0, stefan 1', 'whose turn it stays');

-- Another service: another price, or a session that is good for it.
select tests.plan('for massage', 5), tests.plan('for all', 5, 20), tests.has_plan('bogdan', 'for massage');
insert into app_public.service_plan_services (organization_id, service_plan_id, service_id) values (tests.id('atlas'), tests.id('for massage'), tests.id('massage'));
select pg_temp.book('by plan', '2027-03-01 17:00+02', 'dr stefan', patient => 'bogdan');
create function pg_temp.pays() returns text language sql as $$ select concat_ws(' ', price_amount, plan_session_number, modality) from app_public.appointments where id = tests.id('by plan') $$;
select is(pg_temp.pays(), '0 1 in_person', 'the plan pays');
select tests.act_as('flavia');
select lives_ok($$select app_public.reschedule_appointment(tests.id('by plan'), '2027-03-02 15:00+02')$$, 'another time');
select tests.act_as('the database');
select is(pg_temp.pays() || tests.ledger('bogdan', 'for massage')::text, '0 1 in_person{"grant 5 = 5","debit 1 = 4"}', 'by the same session');
select tests.act_as('flavia');
select tests.refuses($$select app_public.reschedule_appointment(tests.id('by plan'), '2027-03-02 16:00+02', calendar_id => tests.id('exercises'))$$, 'NOT_READY', 'session_missing', 'for another service it is not good');
select lives_ok($$select app_public.reschedule_appointment(tests.id('by plan'), '2027-03-02 16:00+02', calendar_id => tests.id('exercises'), use_plan => false)$$, 'so it is paid for');
select tests.act_as('the database');
select is(pg_temp.pays(), '30000 video', 'at the price of the other service, in its way');
select is(tests.left_of('bogdan', 'for massage'), 5, 'the session is back');
select is(pg_temp.turns('exercises'), 'stefan 1', 'and the turn in the other calendar');
select tests.has_plan('bogdan', 'for all');
select tests.act_as('flavia');
select lives_ok($$select app_public.reschedule_appointment(tests.id('by plan'), '2027-03-02 17:00+02', use_plan => true)$$, 'when there is a plan for it');
select tests.act_as('the database');
select is(pg_temp.pays() || ' ' || tests.left_of('bogdan', 'for all'), '0 1 video 4', 'it is by that one');
update app_public.calendars set modality = 'in_person' where id = tests.id('exercises');
select tests.act_as('flavia');
select lives_ok($$select app_public.reschedule_appointment(tests.id('by plan'), '2027-03-02 16:00+02')$$, 'what the calendar comes to offer');
select tests.act_as('the database');
select is(pg_temp.pays(), '0 1 video', 'changes nothing of what was booked in it');
select tests.act_as('flavia');
select lives_ok($$select app_public.reschedule_appointment(tests.id('by plan'), '2027-03-29 14:00+03', calendar_id => tests.id('massages'))$$, 'past its end another one is used');
select tests.act_as('the database');
select is(pg_temp.pays() || ' ' || tests.left_of('bogdan', 'for all') || tests.left_of('bogdan', 'for massage'), '0 1 in_person 54', 'as at booking, what was given back first');
select * from finish();
rollback;
