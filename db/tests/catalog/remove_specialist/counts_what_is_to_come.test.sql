-- Test: remove_specialist - refused with the count while anything is to come; then the specialist is gone from everything. SPC-06.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.specialist('carla');
select tests.calendar('mondays', '{stefan}', strategy => 'specific');
select tests.appointment('past', 'ana', 'mondays', 'stefan', '2027-02-22 10:00+02');
select tests.appointment('just over', 'ana', 'mondays', 'stefan', '2027-03-01 07:00+02');
select tests.appointment('next', 'ana', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.appointment('called off', 'ana', 'mondays', 'stefan', '2027-03-08 12:00+02');
select tests.appointment('a colleague''s', 'ana', 'mondays', 'carla', '2027-03-08 10:00+02');
select tests.booking_request('asked for', 'mondays', 'stefan', '2027-03-15 10:00+02');
select tests.hold('kept', 'mondays', 'stefan', '2027-03-22 10:00+02');
create function pg_temp.detail_of(statement text) returns jsonb language plpgsql as $$
declare v text; begin execute statement; return null; exception when others then get stacked diagnostics v = pg_exception_detail; return v; end $$;

select tests.act_as('adrian');
select app_public.cancel_appointment(tests.id('called off'));
select * from tests.refuses($$select app_public.remove_specialist(tests.id('stefan'))$$, 'CONFLICT', 'has_future_appointments', 'with appointments to come it is refused');
select is(pg_temp.detail_of($$select app_public.remove_specialist(tests.id('stefan'))$$), '{"count": 2}', 'an appointment and a request are counted; what is past, called off or only kept is not');
select app_public.cancel_appointment(tests.id('next'));
select app_public.reject_booking_request(tests.id('asked for'));
select isnt((app_public.remove_specialist(tests.id('stefan'))).deleted_at, null, 'with nothing to come it goes');
select is((select array_agg(id) from app_public.specialists), array[tests.id('carla')], 'staff do not see it any more');
select is((select count(*) from app_public.appointments), 5::bigint, 'the appointments stay');
select * from tests.refuses($$select app_public.remove_specialist(tests.id('stefan'))$$, 'NOT_FOUND', 'not_found', 'a second time there is nobody');
select tests.act_as('the database');
select is((select (scheduling_active, deleted_at)::text from app_public.specialists where id = tests.id('stefan')), row(false, '2027-03-01 08:00+02'::timestamptz)::text, 'the row is kept');
select tests.act_as('a visitor');
select is((select c.specialists::text from unnest((app_public.clinic_by_slug('atlas')).calendars) c), '{}', 'visitors cannot pick it');
select * from tests.refuses(
  $$select app_public.request_booking(tests.token('kept'), 'Gabriela', 'Munteanu', 'g@people.test', '0722123456')$$,
  'GONE', 'specialist_gone', 'who kept a time is told to choose another');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.book_appointment(tests.token('kept'), tests.id('ana'))$$, 'GONE', 'specialist_gone', 'a patient too');
select * from finish();
rollback;
