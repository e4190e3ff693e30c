-- Test: hold_slot - a request that waits for its answer counts as a time kept, an answered one does not. SCH-06, APT-09.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "19:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
update app_public.organizations set holds_per_visitor = 2 where id = tests.id('atlas');
create function pg_temp.request(hour int) returns uuid language sql as $$
  select (app_public.request_booking(
    (app_public.hold_slot(tests.id('visits'), '2027-03-08 00:00+02'::timestamptz + make_interval(hours => hour))).token,
    'Gabriela', 'Munteanu', 'gabriela@people.test', '0722000222')).booking_request_id $$;
grant execute on function pg_temp.request(int) to public;

select tests.act_as('a visitor');
select tests.remember('first', pg_temp.request(9));
select lives_ok('select pg_temp.request(10)', 'two requests are as many as one visitor may have open');
select throws_ok('select pg_temp.request(11)', 'RX429', 'too_many_holds', 'a third time is not even kept');
select tests.act_as('maria');
select lives_ok($$select app_public.confirm_booking_request(tests.id('first'))$$, 'once the clinic has answered one');
select tests.act_as('a visitor');
select lives_ok('select pg_temp.request(11)', 'the next is welcome');
select * from finish();
rollback;
