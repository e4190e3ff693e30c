-- Test: move_appointment_to_patient - nothing more leaves for the wrong person but that it is not theirs, if they were told it is; the right one is told. FND-34, FND-15.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('dr stefan', '{"mon": [["08:00", "18:00"]]}');
select tests.calendar('mondays', '{dr stefan}');
select tests.patient('elena', account => false, email => 'elena@people.test');
select tests.patient('matei', account => false, email => 'matei@people.test');
select tests.patient('brother', account => false, email => 'Matei@people.test');
create function pg_temp.consume() returns void language sql as $$
  select app_private.consume_notifications(d.event_id) from (
    select e.id as event_id from app_private.events e
    where exists (select from app_private.event_subscriptions s where s.event_name = e.name) order by e.position) d;
$$;
create function pg_temp.letters(of_patient text) returns text[] language sql as $$
  select coalesce(array_agg(template_key || ' ' || status || coalesce(' ' || reason, '') order by created_at, id), '{}')
  from app_public.messages where patient_profile_id = tests.id(of_patient) and channel = 'email';
$$;
create function pg_temp.move(appointment text, patient text) returns void language sql as $$
  select app_public.move_appointment_to_patient(tests.id(appointment), tests.id(patient), 'The wrong chart');
$$;
create function pg_temp.book(name text, patient text, at timestamptz) returns void language sql as $$
  select tests.hold(name, 'mondays', 'dr stefan', at);
  select tests.act_as('flavia');
  select tests.remember(name, (app_public.book_appointment(tests.token(name), tests.id(patient))).id);
  select tests.act_as('the database');
$$;

-- Not told yet: what is queued ends, and the wrong person never hears of it.
select pg_temp.book('unsent', 'elena', '2027-03-08 10:00+02');
select pg_temp.consume();
select is(pg_temp.letters('elena'), '{appointment_booked queued}', 'a letter waits for the wrong person');
select tests.act_as('flavia');
select pg_temp.move('unsent', 'matei');
select tests.act_as('the database');
select is(pg_temp.letters('elena'), '{appointment_booked skipped moved_to_another_patient}', 'it ends with the move, whatever its channel');
select is((select count(*) from app_public.messages where patient_profile_id = tests.id('elena') and status = 'queued'), 0::bigint, '… and nothing stands in for it');
select pg_temp.consume();
select is(pg_temp.letters('elena'), '{appointment_booked skipped moved_to_another_patient}', 'who was not told is told nothing');
select is(pg_temp.letters('matei'), '{appointment_booked queued}', 'the right person is told');
select pg_temp.consume();
select is(pg_temp.letters('matei'), '{appointment_booked queued}', 'once');

-- Told by mistake: told that it is not theirs, and nothing afterwards.
select pg_temp.book('sent', 'elena', '2027-03-08 12:00+02');
select pg_temp.consume();
update app_public.messages set status = 'sent', sent_at = app_hidden.now(), attempts = 1 where patient_profile_id = tests.id('elena') and status = 'queued';
select tests.act_as('flavia');
select pg_temp.move('sent', 'matei');
select tests.act_as('the database');
select pg_temp.consume();
select is((pg_temp.letters('elena'))[3], 'appointment_cancelled queued', 'the wrong person does not come in vain');
select is(
  (select array[recipient_email, calendar_uid::text] from app_public.messages where template_key = 'appointment_cancelled' and channel = 'email'),
  array['elena@people.test', tests.id('sent')::text], '… by a letter to their own address that takes the entry out of the calendar');
select tests.act_as('flavia');
select app_public.cancel_appointment(tests.id('sent'));
select tests.act_as('the database');
select pg_temp.consume();
select is(cardinality(pg_temp.letters('elena')), 3, 'of what becomes of it the wrong person is not told any more');
select is((pg_temp.letters('matei'))[3], 'appointment_cancelled queued', 'the right one is');

-- One mailbox of two people must not read that what takes place is cancelled.
select pg_temp.book('shared', 'matei', '2027-03-08 14:00+02');
select pg_temp.consume();
update app_public.messages set status = 'sent', sent_at = app_hidden.now(), attempts = 1 where patient_profile_id = tests.id('matei') and status = 'queued';
select tests.act_as('flavia');
select pg_temp.move('shared', 'brother');
select tests.act_as('the database');
select pg_temp.consume();
select is((select count(*) from app_public.messages where calendar_uid = tests.id('shared') and template_key = 'appointment_cancelled'), 0::bigint, 'a shared mailbox gets no cancellation');
select is(pg_temp.letters('brother'), '{appointment_booked queued}', 'and the new name');

-- Only what waits for the wrong person, of this appointment, and in nobody's hand, ends.
create function pg_temp.letter_of(appointment text, of_patient text) returns text language sql as $$
  select string_agg(concat_ws(' ', m.template_key, m.status, m.reason), ', ' order by m.created_at, m.id)
  from app_public.messages m join app_private.events e on e.id = m.event_id
  where e.subject_id = tests.id(appointment) and m.patient_profile_id = tests.id(of_patient) and m.channel = 'email';
$$;
create function pg_temp.messages_of(appointment text) returns uuid[] language sql as $$
  select array(select m.id from app_public.messages m join app_private.events e on e.id = m.event_id where e.subject_id = tests.id(appointment));
$$;
select pg_temp.book('in_hand', 'elena', '2027-03-15 10:00+02');
select pg_temp.book('ended', 'elena', '2027-03-15 11:00+02');
select pg_temp.book('stays', 'elena', '2027-03-15 12:00+02');
select pg_temp.book('twice', 'elena', '2027-03-15 13:00+02');
select pg_temp.consume();
update app_public.messages set attempts = 1 where id = any (pg_temp.messages_of('in_hand'));
update app_public.messages set status = 'skipped', reason = 'switched_off' where id = any (pg_temp.messages_of('ended'));
update app_public.messages set status = 'sent', sent_at = app_hidden.now(), attempts = 1 where id = any (pg_temp.messages_of('twice')) and status = 'queued';
select tests.act_as('flavia');
select pg_temp.move('in_hand', 'matei'), pg_temp.move('ended', 'matei'), pg_temp.move('twice', 'matei');
select tests.act_as('the database');
select is(
  array[pg_temp.letter_of('in_hand', 'elena'), pg_temp.letter_of('ended', 'elena'), pg_temp.letter_of('stays', 'elena')],
  array['appointment_booked queued', 'appointment_booked skipped switched_off', 'appointment_booked queued'],
  'what a worker has in hand, what had ended and what is of another appointment stay as they are');
select pg_temp.consume();
select tests.act_as('flavia');
select pg_temp.move('twice', 'brother');
select tests.act_as('the database');
select is(pg_temp.letter_of('twice', 'elena'), 'appointment_booked sent, appointment_cancelled queued', 'when it moves on, what the first person is told still leaves');

-- What is over is put right in silence.
select tests.appointment('over', 'elena', 'mondays', 'dr stefan', '2027-02-22 12:00+02');
create temporary table told as select id from app_public.messages;
select tests.act_as('flavia');
select pg_temp.move('over', 'matei');
select tests.act_as('the database');
select lives_ok('select app_private.consume_notifications(id) from app_private.events where subject_id = tests.id(''over'') and name = ''appointment.patient_changed''', 'the event of the move is consumed');
select is((select count(*) from app_public.messages where id not in (select id from told)), 0::bigint, 'nobody is told of what is over');
select * from finish();
rollback;
