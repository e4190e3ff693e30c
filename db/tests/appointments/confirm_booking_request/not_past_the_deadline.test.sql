-- Test: confirm_booking_request - past its deadline a request is over, though the worker has not come by. APT-09.
begin;
select plan(5);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.booking_request('late', 'visits', 'ana', '2027-03-08 09:00+02');
select tests.booking_request('in time', 'visits', 'ana', '2027-03-08 10:00+02');
update app_public.booking_requests set respond_by = '2027-03-02 08:00+02' where id in (tests.id('late'), tests.id('in time'));

create function pg_temp.detail(statement text) returns jsonb language plpgsql as $$
declare v text;
begin execute statement; return null; exception when others then get stacked diagnostics v = pg_exception_detail; return v; end $$;

select tests.freeze_time('2027-03-02 07:59:59+02');
select tests.act_as('maria');
select lives_ok($$select app_public.confirm_booking_request(tests.id('in time'))$$, 'a second before it can be confirmed');
select tests.freeze_time('2027-03-02 08:00+02');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('late'))$$, 'GONE', 'booking_request_expired',
  'at the deadline no longer');
select is(
  pg_temp.detail($$select app_public.confirm_booking_request(tests.id('late'))$$),
  jsonb_build_object('respondBy', '2027-03-02 08:00+02'::timestamptz, 'timezone', 'Europe/Bucharest'),
  'and when that was, on which clock');
select tests.act_as('the database');
select is((select status from app_public.booking_requests where id = tests.id('late')), 'requested', 'the worker says so later');
select * from finish();
rollback;
