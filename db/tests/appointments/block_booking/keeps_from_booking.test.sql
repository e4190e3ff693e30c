-- Test: block_booking - a clinic keeps a patient from booking by themselves, for a reason that the patient reads and contests; staff book with a reason; somebody else reviews it. APT-06, FND-08, FND-34.
begin;
select plan(79);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.patient('ana', 'boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}', account => true);
select tests.patient('ana', 'atlas');
select tests.patient('carmen', account => false);
select tests.caregiver('corina', 'carmen');
select tests.patient('dana', account => false);
select tests.patient('bogdan');
select tests.calendar('mondays', '{stefan}');
select tests.hold('first', 'mondays', 'stefan', '2027-03-08 10:00+02'), tests.hold('second', 'mondays', 'stefan', '2027-03-08 11:00+02');
create function pg_temp.block(reason text default 'Missed three', until timestamptz default null, patient text default 'ana at atlas') returns text language sql as $$
  select format('select app_public.block_booking(%L, %L, %L)', tests.id(patient), reason, until);
$$;
create function pg_temp.book() returns text language sql as $$
  select format('select app_public.book_appointment(%L, %L)', tests.token('first'), tests.id('ana'));
$$;
create function pg_temp.book_directly(hour int, reason text default null, patient text default 'ana') returns text language sql as $$
  select format('select app_public.book_directly(%L, %L, %L, override_reason => %L)',
    tests.id('mondays'), '2027-03-08 08:00+02'::timestamptz + make_interval(hours => hour), tests.id(patient), reason);
$$;

create function pg_temp.says() returns jsonb language plpgsql as $$
declare v_detail jsonb;
begin
  execute pg_temp.book();
  return null;
exception when sqlstate 'RX453' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail -> 'missing';
end;
$$;

select tests.act_as('a visitor');
select * from tests.refuses(pg_temp.block(), '42501', null, 'nobody who is not signed in');
select tests.act_as('ana');
select * from tests.refuses(pg_temp.block(), 'NOT_FOUND', 'patient_not_found', 'no patient');
select tests.act_as('beata');
select * from tests.refuses(pg_temp.block(), 'NOT_FOUND', 'patient_not_found', 'no other clinic');
select tests.act_as('stefan');
select * from tests.refuses(pg_temp.block(), 'FORBIDDEN', 'permission_missing', 'no specialist, who has no patients.block');
select tests.act_as('flavia');
select * from tests.refuses(pg_temp.block(' x '), 'VALIDATION', 'reason_missing', 'not without a reason');
select * from tests.refuses(pg_temp.block(until => app_hidden.now()), 'VALIDATION', 'already_past', 'until a time to come');
select lives_ok(pg_temp.block(), 'front desk does');
select * from tests.refuses(pg_temp.block(), 'CONFLICT', 'booking_blocked_already', 'once');
select tests.act_as('the database');
select tests.remember('block', id) from app_public.booking_blocks;
select results_eq(
  $$select reason, until, created_at, (select name from tests.personas p where p.principal_id = blocked_by), decision from app_public.booking_blocks$$,
  $$values ('Missed three', null::timestamptz, app_hidden.now(), 'flavia', null)$$, 'with why, since when, and who');
select is(tests.events_of(tests.id('ana at atlas')), '{patient.booking_blocked}', 'and an event');
select is((select count(*) from audit.entries where table_name = 'app_public.booking_blocks' and action = 'insert'), 1::bigint, 'on record');

select tests.act_as('ana');
select results_eq($$select reason from app_public.booking_blocks$$, $$values ('Missed three')$$, 'the patient reads it');
select * from tests.refuses(pg_temp.book(), 'NOT_READY', 'booking_blocked', 'and does not book');
select is(pg_temp.says(), '[{"kind": "blocked", "message": "Missed three", "resolvedBy": "clinic"}]', 'told why, and whom to ask');
select * from tests.refuses(pg_temp.book_directly(0, 'I want to'), 'NOT_FOUND', 'not_found', 'by no reason of their own');
select tests.act_as('bogdan');
select is_empty($$select from app_public.booking_blocks$$, 'nobody else reads it');
select tests.act_as('flavia');
select * from tests.refuses(pg_temp.book_directly(0), 'NOT_READY', 'booking_blocked', 'staff are stopped as well');
select lives_ok(pg_temp.book_directly(0, 'Comes with her daughter now'), 'and go on with a reason');
select lives_ok(pg_temp.book_directly(1, patient => 'carmen'), 'others are booked as ever');
select tests.act_as('the database');
select results_eq($$select override_reason, overridden_rules from app_public.appointments order by starts_at$$,
  $$values ('Comes with her daughter now', '{blocked}'::text[]), (null, null)$$, 'which is kept with the appointment');
select tests.remember('visit', id) from app_public.appointments where patient_profile_id = tests.id('ana');
select tests.booking_request('guest', 'mondays', 'stefan', '2027-03-08 16:00+02');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('guest'), tests.id('ana'))$$, 'NOT_READY', 'booking_blocked', 'a request of theirs is not confirmed');
select lives_ok($$select app_public.confirm_booking_request(tests.id('guest'), tests.id('ana'), override_reason => 'Called us')$$, 'without a reason');
select tests.act_as('ana');
select lives_ok($$select app_public.confirm_appointment(tests.id('visit'))$$, 'what is booked is confirmed all the same');
select tests.act_as('the database');
select is_empty($$select from app_private.standing_block(tests.id('boreal'), tests.id('ana')) b where b.id is not null$$, 'another clinic blocks nobody by it');

-- A human looks at it. Law 190/2018.
create function pg_temp.decide(by text, reason text default 'It was the winter') returns text language sql as $$
  select format('select app_public.%I(%L, %L)', by, tests.id('block'), reason);
$$;
select tests.act_as('adrian');
select * from tests.refuses(pg_temp.decide('uphold_booking_block'), 'STATE', 'booking_block_not_contested', 'nobody answers what nobody asked');
select tests.act_as('bogdan');
select * from tests.refuses(pg_temp.decide('contest_booking_block'), 'NOT_FOUND', 'booking_block_not_found', 'nobody else contests it');
select tests.act_as('flavia');
select * from tests.refuses(pg_temp.decide('contest_booking_block'), 'NOT_FOUND', 'booking_block_not_found', 'no staff');
select tests.act_as('ana');
select * from tests.refuses(pg_temp.decide('contest_booking_block', ' '), 'VALIDATION', 'reason_missing', 'the patient, in words');
select lives_ok(pg_temp.decide('contest_booking_block', 'I was in hospital'), 'contests it');
select * from tests.refuses(pg_temp.decide('contest_booking_block'), 'STATE', 'booking_block_contested', 'once');
select * from tests.refuses(pg_temp.decide('lift_booking_block'), 'NOT_FOUND', 'booking_block_not_found', 'and lifts nothing');
select tests.act_as('flavia');
select * from tests.refuses(pg_temp.decide('uphold_booking_block'), 'FORBIDDEN', 'review_by_another', 'who blocked does not judge it');
select tests.act_as('stefan');
select * from tests.refuses(pg_temp.decide('uphold_booking_block'), 'FORBIDDEN', 'permission_missing', 'nor who may not block');
select tests.act_as('beata');
select * from tests.refuses(pg_temp.decide('uphold_booking_block'), 'NOT_FOUND', 'booking_block_not_found', 'nor another clinic');
select tests.act_as('adrian');
select * from tests.refuses(pg_temp.decide('uphold_booking_block', ''), 'VALIDATION', 'reason_missing', 'nor without a reason');
select lives_ok(pg_temp.decide('uphold_booking_block'), 'somebody else does');
select tests.act_as('ana');
select results_eq($$select objection, decision, decision_reason from app_public.booking_blocks$$,
  $$values ('I was in hospital', 'upheld', 'It was the winter')$$, 'whose answer the patient reads');
select * from tests.refuses(pg_temp.book(), 'NOT_READY', 'booking_blocked', 'it stands');
select tests.act_as('flavia');
select lives_ok(pg_temp.decide('lift_booking_block', 'Came to talk'), 'lifted');
select * from tests.refuses(pg_temp.decide('lift_booking_block'), 'STATE', 'booking_block_lifted', 'once');
select tests.act_as('ana');
select * from tests.refuses(pg_temp.decide('contest_booking_block'), 'STATE', 'booking_block_lifted', 'there is nothing to contest');
select tests.act_as('the database');
select is(tests.events_of(tests.id('ana at atlas')),
  '{patient.booking_blocked,patient.booking_block_contested,patient.booking_block_upheld,patient.booking_block_lifted}', 'each with an event');

-- Until when.
select tests.act_as('adrian');
select lives_ok(pg_temp.block('A month of rest', app_hidden.now() + interval '1 minute'), 'blocked again, for a minute');
select tests.act_as('ana');
select is(pg_temp.says() -> 0 ->> 'until', to_jsonb(app_hidden.now() + interval '1 minute') #>> '{}', 'told until when');
select tests.act_as('the database');
select tests.remember('block', id) from app_public.booking_blocks where reason = 'A month of rest';
select tests.act_as('ana');
select lives_ok(pg_temp.decide('contest_booking_block', 'I rest already'), 'who was blocked before contests this one');
select results_eq($$select reason, objection from app_public.booking_blocks order by reason$$,
  $$values ('A month of rest', 'I rest already'), ('Missed three', 'I was in hospital')$$, 'and this one alone');
select tests.freeze_time('2027-03-01 08:01+02');
select lives_ok(pg_temp.book(), 'then the patient books');

-- Two who are one.
select tests.act_as('adrian');
select lives_ok(pg_temp.block('Her son answers', patient => 'carmen at atlas'), 'a block of somebody who is cared for');
select tests.act_as('corina');
select is((select array_agg(reason) from app_public.booking_blocks), '{Her son answers}', 'who cares for the patient reads it');
select tests.act_as('the database');
select tests.remember('block', id) from app_public.booking_blocks where reason = 'Her son answers';
select tests.act_as('flavia');
select lives_ok(pg_temp.decide('lift_booking_block', 'He is no trouble'), 'what nobody contested is lifted as well');
select tests.act_as('the database');
select results_eq($$select reason, decision_reason from app_public.booking_blocks order by reason$$,
  $$values ('A month of rest', null), ('Her son answers', 'He is no trouble'), ('Missed three', 'Came to talk')$$, 'and no other');
select results_eq(
  $$select subject_id, count(*) from app_private.events where name ^@ 'patient.booking_block' group by subject_id order by 2$$,
  $$values (tests.id('carmen at atlas'), 2::bigint), (tests.id('ana at atlas'), 6)$$, 'told of whom it is about, at that clinic');
select tests.act_as('adrian');
select lives_ok(pg_temp.block('Twin', patient => 'dana at atlas'), 'a block of a duplicate');
select lives_ok($$select app_public.merge_patients(tests.id('bogdan at atlas'), tests.id('dana at atlas'), 'One person')$$, 'goes');
select tests.act_as('the database');
select is((select b.reason from app_private.standing_block(tests.id('atlas'), tests.id('bogdan')) b), 'Twin', 'to the patient who is kept');
select * from finish();
rollback;
