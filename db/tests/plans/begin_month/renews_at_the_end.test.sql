-- Test: begin_month - the terms of a tier are read anew with a new billing period, not with each month of it. CAT-06.
begin;
select plan(3);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.tier('gold', 'year'), tests.subscribed('ana', 'gold');
create function pg_temp.subscription() returns text language sql as $$
  select concat_ws(' ', month, period_month, billing_period) from app_public.patient_subscriptions
$$;
update app_public.patient_tiers set billing_period = 'month' where id = tests.id('gold');
select is(pg_temp.subscription(), '0 0 year', 'paid by the year');
select tests.freeze_time('2027-04-01 08:00+03'), tests.settle_plans('ana');
select is(pg_temp.subscription(), '1 0 year', 'and so for the whole year, whatever the tier says by now');
select tests.freeze_time('2028-03-01 08:00+02'), tests.settle_plans('ana');
select is(pg_temp.subscription(), '12 12 month', 'then as it says');
select * from finish();
rollback;
