-- Test: hold_slot - a request that waits for its answer counts as a time kept, an answered one does not. SCH-06, APT-09.
begin;
select plan(10);
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
select isnt(tests.remember('last', pg_temp.request(11)), null, 'the next is welcome');

-- The same of an address, whoever asks from there.
select tests.act_as('the database');
update app_public.organizations set holds_per_visitor = 9, holds_per_address = 3 where id = tests.id('atlas');
select tests.act_as('another visitor');
select lives_ok('select pg_temp.request(12)', 'two requests wait, a third may be made from an address');
select throws_ok('select pg_temp.request(13)', 'RX429', 'too_many_holds_from_address', 'and no fourth');
select tests.act_as('maria');
select app_public.reject_booking_request(tests.id('last'));
select tests.act_as('a third visitor');
select tests.remember('third', pg_temp.request(14));
select throws_ok('select pg_temp.request(15)', 'RX429', 'too_many_holds_from_address', 'one for one that was answered');
select tests.act_as('maria');
select isnt(app_public.confirm_booking_request(tests.id('third'), as_new_patient => true), null, 'with yes or no');
select tests.act_as('a third visitor');
select isnt(app_public.hold_slot(tests.id('visits'), '2027-03-08 15:00+02'), null, 'a hold is made');
select tests.act_as('the database');
select tests.freeze_time('2027-03-01 08:10+02');
select tests.act_as('another visitor');
select lives_ok('select pg_temp.request(16)', 'and when it is over it counts no more');
select * from finish();
rollback;
