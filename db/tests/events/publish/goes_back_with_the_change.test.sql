-- Test: publish - a change that is taken back was never published. FND-14.
begin;
select plan(7);
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.calendar('mondays', '{ana}');
select tests.remember('the request', uuidv7());
create function pg_temp.publish_expiry() returns uuid language sql as $$
  select app_private.publish('booking_request.expired', tests.id('atlas'), tests.id('the request'), jsonb_build_object(
    'bookingRequestId', tests.id('the request'), 'calendarId', tests.id('mondays'), 'specialistId', tests.id('ana'),
    'startsAt', '2027-03-08T07:00:00Z', 'endsAt', '2027-03-08T08:00:00Z'))
$$;

savepoint change;
select pg_temp.publish_expiry();
select is((select count(*) from app_private.events where subject_id = tests.id('the request')), 1::bigint, 'published inside the change');
select is((select count(*) from graphile_worker._private_jobs where key = 'notifications:' || tests.id('the request')), 1::bigint, 'and its delivery queued');
rollback to change;

select is((select count(*) from app_private.events where subject_id = tests.id('the request')), 0::bigint, 'no event after the rollback');
select is((select count(*) from app_private.event_deliveries where subject_id = tests.id('the request')), 0::bigint, 'no delivery');
select is((select count(*) from graphile_worker._private_jobs where key like '%' || tests.id('the request')), 0::bigint, 'no job');

create function pg_temp.publish_two() returns void language sql as $$
  select pg_temp.publish_expiry();
  select app_private.publish('booking_request.vanished', tests.id('atlas'), tests.id('the request'));
$$;
select throws_ok(
  $$select pg_temp.publish_two()$$,
  'RX400', 'event_name_unknown', 'a refused event refuses the whole change');
select is((select count(*) from app_private.events where subject_id = tests.id('the request')), 0::bigint, 'with what was published before it');
select * from finish();
rollback;
