-- Test: remembered - a request that comes again with its idempotency key gets the first result, and nothing happens twice. FND-26.
begin;
select plan(32);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('mondays', '{stefan}');
select tests.hold('kept', 'mondays', 'stefan', '2027-03-08 15:00+02');
select tests.booking_request('request', 'mondays', 'stefan', '2027-03-08 16:00+02');
create function pg_temp.key(key text) returns text language sql as $$ select set_config('app.idempotency_key', key, true) $$;
create temporary table answers (name text, answer jsonb);
grant all on answers to public;
create function pg_temp.book() returns jsonb language sql as $$
  select to_jsonb(r) from app_public.request_booking(
    (select answer ->> 'token' from answers where name = 'hold'), 'Gabriela', 'Munteanu', 'g@people.test', '0722 123 456') r $$;

-- A hold and the booking behind it, by a visitor.
select tests.act_as('a visitor');
select pg_temp.key('7d1f8d3e-hold');
insert into answers select 'hold', to_jsonb(h) from app_public.hold_slot(tests.id('mondays'), '2027-03-08 10:00+02') h;
insert into answers select 'hold again', to_jsonb(h) from app_public.hold_slot(tests.id('mondays'), '2027-03-08 08:00+00') h;
select is((select answer from answers where name = 'hold again'), (select answer from answers where name = 'hold'), 'a hold that comes again is the same hold, token included');
select matches((select answer ->> 'token' from answers where name = 'hold again'), '^[0-9a-f]{32}$', 'which is a token');
select pg_temp.key('7d1f8d3e-booking');
insert into answers values ('booking', pg_temp.book());
insert into answers values ('booking again', pg_temp.book());
select is((select answer from answers where name = 'booking again'), (select answer from answers where name = 'booking'), 'a booking request that comes again has the same receipt');
select is((select answer ->> 'status' from answers where name = 'booking again'), 'requested', 'which says: requested');
select is((app_public.booking_by_token((select answer ->> 'token' from answers where name = 'booking again'))).status, 'requested', 'and its token still reads the request');

-- The same key of somebody else, or for something else, is another key.
select pg_temp.key('7d1f8d3e-hold');
select tests.act_as('another visitor');
select * from tests.refuses($$select app_public.hold_slot(tests.id('mondays'), '2027-03-08 10:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'the key of one visitor opens nothing for another');
select isnt(
  (app_public.hold_slot(tests.id('mondays'), '2027-03-08 11:00+02')).token, (select answer ->> 'token' from answers where name = 'hold'),
  'who takes another time under it gets a hold of their own');
select tests.act_as('flavia');
select isnt(
  (app_public.hold_slot(tests.id('mondays'), '2027-03-08 12:00+02')).token, (select answer ->> 'token' from answers where name = 'hold'),
  'and so does somebody who is signed in');

-- Staff: an appointment, and a request that is confirmed.
insert into answers select 'appointment', to_jsonb(a) from app_public.book_appointment(tests.token('kept'), tests.id('ana')) a;
insert into answers select 'appointment again', to_jsonb(a) from app_public.book_appointment(tests.token('kept'), tests.id('ana')) a;
select is((select answer from answers where name = 'appointment again'), (select answer from answers where name = 'appointment'), 'an appointment is booked once');
select is((select answer ->> 'status' from answers where name = 'appointment again'), 'booked', 'and is booked');
insert into answers select 'confirmed', to_jsonb(a) from app_public.confirm_booking_request(tests.id('request')) a;
insert into answers select 'confirmed again', to_jsonb(a) from app_public.confirm_booking_request(tests.id('request')) a;
select is((select answer from answers where name = 'confirmed again'), (select answer from answers where name = 'confirmed'), 'a request is confirmed once');
select is((select answer ->> 'status' from answers where name = 'confirmed again'), 'booked', 'and its appointment is booked');
select isnt((select answer ->> 'id' from answers where name = 'confirmed'), (select answer ->> 'id' from answers where name = 'appointment'), 'one key serves each operation by itself');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('request'))$$, 'STATE', 'illegal_move', 'a colleague with the same key is told that it was answered');

select tests.act_as('the database');
select is((select count(*) from app_public.booking_requests), 2::bigint, 'one booking request beside the first');
select is((select count(*) from app_public.appointments), 2::bigint, 'two appointments');
select is((select count(*) from app_private.time_claims where kind = 'hold'), 2::bigint, 'two holds that nobody booked');
select is((select count(*) from app_private.events where name = 'appointment.booked'), 2::bigint, 'each told once');
select is((select count(*) from app_private.events where name = 'slot.held'), 3::bigint, 'each hold too');

-- What lies in the table.
select results_eq($$select operation, count(*) from app_private.remembered_mutations group by 1 order by 1$$,
  $$values ('book_appointment', 1::bigint), ('confirm_booking_request', 1), ('hold_slot', 3), ('request_booking', 1)$$, 'one row for each that was done');
select is_empty(
  $$select operation from app_private.remembered_mutations r, answers a
    where position(convert_to(a.answer ->> 'token', 'UTF8') in convert_to(r::text, 'UTF8')) > 0
       or position(convert_to(a.answer ->> 'token', 'UTF8') in r.response) > 0
       or position(convert_to('7d1f8d3e', 'UTF8') in r.response) > 0 or r::text ~ '7d1f8d3e'$$, 'no token and no key can be read there');

-- A refusal is no result, and a day is a day.
select tests.act_as('a visitor');
select pg_temp.key('8a-refused');
select * from tests.refuses($$select app_public.hold_slot(tests.id('mondays'), '2027-03-08 10:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'a refusal');
select isnt((app_public.hold_slot(tests.id('mondays'), '2027-03-08 13:00+02')).token, null, 'does not use up the key');
select tests.freeze_time('2027-03-02 07:59+02');
select is((select app_public.hold_slot(tests.id('mondays'), '2027-03-08 13:00+02')).token is not null, true, 'the key is known for a day');
select tests.freeze_time('2027-03-02 08:00+02');
select isnt((app_public.hold_slot(tests.id('mondays'), '2027-03-08 14:00+02')).token, null, 'after a day it is new');
select pg_temp.key('');
select tests.act_as('another visitor');
select * from tests.refuses($$select app_public.hold_slot(tests.id('mondays'), '2027-03-08 14:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'and without a key every request is a new one');

-- A hold that is moved, and moved on.
select tests.act_as('a third visitor');
select pg_temp.key('');
insert into answers select 'movable', to_jsonb(h) from app_public.hold_slot(tests.id('mondays'), '2027-03-15 10:00+02') h;
select pg_temp.key('7d1f8d3e-move');
insert into answers select 'moved', to_jsonb(h) from app_public.move_hold((select answer ->> 'token' from answers where name = 'movable'), '2027-03-15 11:00+02') h;
select pg_temp.key('');
select app_public.move_hold((select answer ->> 'token' from answers where name = 'movable'), '2027-03-15 12:00+02');
select pg_temp.key('7d1f8d3e-move');
insert into answers select 'moved again', to_jsonb(h) from app_public.move_hold((select answer ->> 'token' from answers where name = 'movable'), '2027-03-15 11:00+02') h;
select is((select answer from answers where name = 'moved again'), (select answer from answers where name = 'moved'), 'a move that comes again is the same move');
select is((app_public.extend_hold((select answer ->> 'token' from answers where name = 'movable'))).starts_at, '2027-03-15 12:00+02', 'and moves nothing back');
select * from finish();
rollback;
