-- Test: confirm_booking_request - past its deadline a request is over, though the worker has not come by. APT-09.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.booking_request('late', 'visits', 'ana', '2027-03-08 09:00+02');
select tests.booking_request('in time', 'visits', 'ana', '2027-03-08 10:00+02');
update app_public.booking_requests set respond_by = '2027-03-02 08:00+02' where id in (tests.id('late'), tests.id('in time'));

select tests.freeze_time('2027-03-02 07:59:59+02');
select tests.act_as('maria');
select lives_ok($$select app_public.confirm_booking_request(tests.id('in time'))$$, 'a second before it can be confirmed');
select tests.freeze_time('2027-03-02 08:00+02');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('late'))$$, 'GONE', 'booking_request_expired',
  'at the deadline no longer');
select tests.act_as('the database');
select is((select status from app_public.booking_requests where id = tests.id('late')), 'requested', 'the worker says so later');
select * from finish();
rollback;
