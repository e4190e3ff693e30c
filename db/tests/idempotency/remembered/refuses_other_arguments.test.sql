-- Test: remembered - one idempotency key, two requests: the second is refused and writes nothing. FND-26.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('mondays', '{stefan}');
select tests.hold('kept', 'mondays', 'stefan', '2027-03-08 15:00+02');
select tests.hold('other', 'mondays', 'stefan', '2027-03-08 16:00+02');
select tests.booking_request('request', 'mondays', 'stefan', '2027-03-08 12:00+02');
create function pg_temp.mismatch(statement text, said text) returns setof text language sql as $$
  select tests.refuses(statement, 'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', said) $$;
select tests.act_as('a visitor');
select set_config('app.idempotency_key', 'one key', true);

select isnt((app_public.hold_slot(tests.id('mondays'), '2027-03-08 10:00+02')).token, null, 'the first hold');
select * from pg_temp.mismatch($$select app_public.hold_slot(tests.id('mondays'), '2027-03-08 11:00+02')$$, 'another time');
select * from pg_temp.mismatch($$select app_public.hold_slot(tests.id('mondays'), '2027-03-08 10:00+02', tests.id('stefan'))$$, 'a specialist more');
select isnt((app_public.request_booking(tests.token('kept'), 'G', 'M', 'g@people.test', '0722123456')).token, null, 'the first booking request');
select * from pg_temp.mismatch($$select app_public.request_booking(tests.token('kept'), 'G', 'M', 'other@people.test', '0722123456')$$, 'another address');
select * from pg_temp.mismatch($$select app_public.request_booking(tests.token('other'), 'G', 'M', 'g@people.test', '0722123456')$$, 'another hold');
select tests.act_as('flavia');
select isnt((app_public.confirm_booking_request(tests.id('request'))).id, null, 'the first confirmation');
select * from pg_temp.mismatch($$select app_public.confirm_booking_request(tests.id('request'), as_new_patient => true)$$, 'another patient for it');
select isnt((app_public.book_appointment(tests.token('other'), tests.id('ana'))).id, null, 'the first appointment');
select * from pg_temp.mismatch($$select app_public.book_appointment(tests.token('other'), tests.id('bogdan'))$$, 'another patient');
select * from finish();
rollback;
