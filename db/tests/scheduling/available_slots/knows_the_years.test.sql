-- Test: scheduling - instants of years that nobody plans for are refused by every door that takes one. SCH-05, SCH-06.
begin;
select plan(57);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.patient('elena', account => false);
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.hold('kept', 'visits', 'ana', '2027-03-08 09:00+02');
select tests.booking_request('asked', 'visits', 'ana', '2027-03-15 09:00+02');
update app_public.booking_requests set token_hash = extensions.digest('token of asked', 'sha256');

select set_eq(
  $$select proname::text from tests.app_functions
    where pronamespace = 'app_public'::regnamespace and has_function_privilege('app_member', oid, 'execute')
      and proname ~ '(available|hold|book|availability)'
      and proname <> 'block_booking' -- says until when, not for when
      and proargtypes::oid[] && array['timestamptz'::regtype, 'date'::regtype]::oid[]$$,
  array['available_slots', 'available_days', 'hold_slot', 'move_hold', 'move_booking', 'book_directly', 'book_series', 'explain_availability'],
  'all that the API offers are tried here');

create temporary table doors (call text, reason text);
insert into doors values
  ($$select app_public.hold_slot(tests.id('visits'), %L)$$, 'start_invalid'),
  ($$select app_public.move_hold(tests.token('kept'), %L)$$, 'start_invalid'),
  ($$select app_public.move_booking('token of asked', %L)$$, 'start_invalid'),
  ($$select app_public.book_directly(tests.id('visits'), %L, tests.id('elena'))$$, 'start_invalid'),
  ($$select app_public.book_directly(tests.id('visits'), %L, tests.id('elena'), override_reason => 'Urgent')$$, 'start_invalid'),
  ($$select app_public.book_series(tests.id('visits'), %L, tests.id('elena'), 2)$$, 'start_invalid'),
  ($$select app_public.explain_availability(tests.id('visits'), tests.id('ana'), %L)$$, 'start_invalid'),
  ($$select * from app_public.available_slots(tests.id('visits'), %1$L, %1$L)$$, 'window_out_of_range'),
  ($$select * from app_public.available_days(tests.id('visits'), %1$L::timestamptz::date, %1$L::timestamptz::date)$$, 'window_out_of_range');
create function pg_temp.try() returns setof text language plpgsql as $$
declare
  v_try record;
begin
  for v_try in
    select format(call, at) as call, reason, at
    from doors cross join unnest('{294276-12-31 23:59:59+00,4713-01-01 00:00+00 BC,2200-01-02 00:00+00}'::text[]) as at
  loop
    return query select * from tests.refuses(v_try.call, 'VALIDATION', v_try.reason, v_try.at || ': ' || v_try.call);
  end loop;
end;
$$;
grant select on doors to public;
grant execute on function pg_temp.try to public;
select tests.act_as('maria');
select * from pg_temp.try();
select * from tests.refuses(
  $$select * from app_public.available_days(tests.id('visits'), '5874897-12-30', '5874897-12-31')$$,
  'VALIDATION', 'window_out_of_range', 'a date may be later than any instant');
select * from finish();
rollback;
