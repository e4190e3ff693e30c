-- Test: webhook_end - an endpoint is at its end when it says that it is gone, or after five days of failures of which the last day had no pause of over 36 hours. WHK-02.
begin;
select plan(8);
-- What an attempt ends, by its answer, and how long ago the endpoint began to fail, began to fail without a pause, and failed last.
create function pg_temp.ends(status int, failing interval, unbroken interval, silent interval) returns text language sql as $$
  select app_private.webhook_end(
    jsonb_populate_record(null::app_private.webhook_endpoints, jsonb_build_object('failing_since', timestamptz '2026-03-10 10:00+00' - failing,
      'unbroken_since', timestamptz '2026-03-10 10:00+00' - unbroken, 'failed_at', timestamptz '2026-03-10 10:00+00' - silent)),
    status, case when status > 299 then 'refused' end, '2026-03-10 10:00+00') $$;

select is(pg_temp.ends(500, '5 days', '1 day', '36 hours'), 'failing', 'five days, a day without a pause, and the last failure 36 hours ago: it is');
select is(pg_temp.ends(500, '5 days -1 second', '1 day', '1 hour'), null, 'for less than five days it is not');
select is(pg_temp.ends(500, '5 days', '1 day -1 second', '1 hour'), null, 'nor with a pause within the last day');
select is(pg_temp.ends(500, '9 days', '9 days', '36 hours 1 second'), null, 'nor when the last failure is longer ago: nothing is known of it since');
select is(pg_temp.ends(500, null, null, null), null, 'nor when it never failed before');
select is(pg_temp.ends(204, '9 days', '9 days', '1 hour'), null, 'nor by a success');
select is(pg_temp.ends(410, null, null, null), 'gone', 'whoever says that it is gone is believed at once');
select is(pg_temp.ends(410, '9 days', '9 days', '1 hour'), 'gone', 'whatever was before');
select * from finish();
rollback;
