-- Test: stranded_appointments, set_weekly_hours, close_schedule - one specialist's visits to come, and nobody else's rows. SCH-08.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 10:30+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('bianca', 'billing');
select tests.patient('ana');
select tests.specialist('stefan', weekly => '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}', account => true);
select tests.specialist('dora', weekly => '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}', account => true);
select tests.calendar('visits', '{stefan,dora}');
select tests.appointment('begun', 'ana', 'visits', 'stefan', '2027-03-01 10:30+02');
select tests.appointment('next', 'ana', 'visits', 'stefan', '2027-03-01 12:00+02');
select tests.appointment('colleague''s', 'ana', 'visits', 'dora', '2027-03-01 12:00+02');
select tests.booking_request('asked', 'visits', 'stefan', '2027-03-02 12:00+02'), tests.booking_request('confirmed', 'visits', 'stefan', '2027-03-02 16:00+02');
select tests.booking_request('colleague''s request', 'visits', 'dora', '2027-03-02 14:00+02');
create function pg_temp.stranded(specialist text) returns uuid[] language sql as $$
  select array_agg(coalesce(appointment_id, booking_request_id) order by starts_at) from app_public.stranded_appointments(tests.id(specialist))
$$;
create function pg_temp.hours(specialist text) returns bigint language sql security definer as $$
  select count(*) from app_public.specialist_weekly_hours where specialist_id = tests.id(specialist)
$$;

select tests.act_as('adrian');
select tests.remember('visit', (app_public.confirm_booking_request(tests.id('confirmed'), tests.id('ana'))).id);
select lives_ok($$select app_public.set_weekly_hours(tests.id('stefan'), '{}', true)$$, 'hours go');
select is(pg_temp.hours('stefan'), 0::bigint, 'all of one specialist');
select is(pg_temp.hours('dora'), 2::bigint, 'and none of another');
select is(pg_temp.stranded('stefan'), array[tests.id('next'), tests.id('asked'), tests.id('visit')], 'what has begun is not stranded, a visit and a request to come are');
select is(pg_temp.stranded('dora'), null, 'a colleague''s are theirs');
select lives_ok($$select app_public.set_weekly_hours(tests.id('stefan'), array[(7, '09:00', '10:00')]::app_public.hours_of_a_day[])$$, 'who was stranded before stands in the way of no other change');
select results_eq($$select appointment_id is null, booking_request_id is null from app_public.stranded_appointments(tests.id('stefan')) order by starts_at$$,
  $$values (false, true), (true, false), (false, true)$$, 'each is one of the two');
select results_eq($$select colleague_ids from app_public.stranded_appointments(tests.id('stefan')) order by starts_at$$,
  $$values ('{}'::uuid[]), (array[tests.id('dora')]), (array[tests.id('dora')])$$, 'who is busy takes nobody, who is free does');
select lives_ok($$select app_public.set_weekly_hours(tests.id('dora'), array[(1, '09:00', '17:00'), (2, '09:00', '17:00')]::app_public.hours_of_a_day[])$$, 'hours of another are decided by their own visits');
select is(pg_temp.hours('dora'), 2::bigint, 'and stay');
select lives_ok($$select app_public.set_weekly_hours(tests.id('dora'), array(select (d % 7 + 1, time '00:00' + make_interval(mins => d * 10), time '00:05' + make_interval(mins => d * 10))::app_public.hours_of_a_day from generate_series(0, 69) d), true)$$, 'seventy stretches are a week');
select is(pg_temp.hours('dora'), 70::bigint, 'each of them');
select throws_ok($$select app_public.set_weekly_hours(tests.id('dora'), array[(1, null, '17:00')]::app_public.hours_of_a_day[], true)$$, '23502', null, 'hours without a start are none');
select is(pg_temp.hours('dora'), 70::bigint, 'and take nothing away');

-- Many: all are counted, the first fifty are named.
select tests.act_as('the database');
select tests.appointment(n::text, 'ana', 'visits', 'stefan', '2027-03-01 14:00+02'::timestamptz + make_interval(days => n)) from generate_series(1, 49) n;
create function pg_temp.refused() returns jsonb language plpgsql as $$
declare v_details jsonb;
begin
  perform app_private.require_nobody_stranded(specialists, array[tests.id('next'), tests.id('visit')]) from app_public.specialists where id = tests.id('stefan');
  return null;
exception when sqlstate 'RX409' then
  get stacked diagnostics v_details = pg_exception_detail;
  return jsonb_build_array(v_details -> 'count', jsonb_array_length(v_details -> 'appointments'));
end $$;
select is(pg_temp.refused(), '[50, 50]', 'fifty are named');
select tests.appointment('one more', 'ana', 'visits', 'stefan', '2027-05-01 14:00+02');
select is(pg_temp.refused(), '[51, 50]', 'of fifty-one the first fifty');
update app_public.specialists set deleted_at = app_hidden.now() where id = tests.id('stefan');
select tests.act_as('adrian');
select throws_ok($$select app_public.stranded_appointments(tests.id('stefan'))$$, 'RX404', 'specialist_not_found', 'of one who is gone nobody is told');
select throws_ok($$select app_public.close_schedule(tests.id('stefan'), '2027-03-20', '2027-03-20')$$, 'RX404', 'specialist_not_found', 'nor closes their days');
select * from finish();
rollback;
