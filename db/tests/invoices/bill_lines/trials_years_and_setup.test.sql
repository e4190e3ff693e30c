-- Test: advance_lines, bill_lines (term_of, version_on, plan_price) - trials bill nothing, years are billed at once and their usage by months, a dedicated server is set up once; months keep their day. BIL-02.
begin;
select plan(16);
select tests.clinic('atlas'), tests.clinic('boreal'), tests.clinic('cobalt'), tests.clinic('delta');
select tests.bill_meter('sent', 'count');
select tests.bill_tier('Start', 10000, '{"sent": [0, 1]}', annual => 100000), tests.bill_tier('Own', 90000, tenancy => 'dedicated', setup => 500000);
select tests.freeze_time('2027-01-31 00:00+02'), tests.bill_subscription('atlas', 'Start', '2027-01-31', 4, trial_months => 1);
select is((tests.bill_open('atlas', 1)).id, null, 'a trial costs nothing in advance');
select tests.bill_use('atlas', 'sent', 1, '2027-02-02 10:00+02') from generate_series(1, 9);
select tests.freeze_time('2027-02-28 00:00+02');
select is((tests.bill_close('atlas', 1)).id, null, 'nor for what was used');
select is(tests.bill_days_of((tests.bill_open('atlas', 2)).id), '{"plan 2027-02-28 2027-03-31"}', 'then the plan is billed, from the last of February to the 31st of March');
select tests.bill_use('atlas', 'sent', 1, '2027-02-03 10:00+02'), tests.bill_use('atlas', 'sent', 1, '2027-03-03 10:00+02') from generate_series(1, 2);
select tests.freeze_time('2027-03-31 00:00+03');
select is((select tests.bill_lines_of((tests.bill_close('atlas', 2)).id)), '{"overage sent 2 x 1 = 2"}', 'usage of the trial that is told late is free, too');

select tests.freeze_time('2028-02-29 00:00+02'), tests.bill_subscription('boreal', 'Start', '2028-02-29', 14, 'annual');
select is(tests.bill_days_of((tests.bill_open('boreal', 1)).id), '{"plan 2028-02-29 2029-02-28"}', 'a year is billed in advance, also from a leap day');
select tests.bill_use('boreal', 'sent', 1, '2028-03-03 10:00+02') from generate_series(1, 5);
select tests.freeze_time('2028-03-29 00:00+03');
select is((select tests.bill_lines_of((tests.bill_close('boreal', 1)).id)), '{"overage sent 5 x 1 = 5"}', 'and what was used by the month');
select is((tests.bill_open('boreal', 2)).id, null, 'a month within the year costs nothing in advance');
select is((select (starts_on, ends_on)::text from app_private.advance_lines(tests.id('boreal'), tests.id('month 13 of boreal'))), '(2029-02-28,2030-02-28)', 'the next year is billed from its first day');

select tests.freeze_time('2027-03-01 00:00+02'), tests.bill_subscription('cobalt', 'Own', '2027-03-01', 2, tenancy => 'dedicated');
select is((select tests.bill_lines_of((tests.bill_open('cobalt', 1)).id)), '{"plan 1 x 90000 = 90000","setup 1 x 500000 = 500000"}', 'a dedicated server is set up for a fee');
select is((select tests.bill_lines_of((tests.bill_open('cobalt', 2)).id)), '{"plan 1 x 90000 = 90000"}', 'once');
select * from tests.refuses($$select tests.bill_subscription('delta', 'Own', '2027-03-01'), tests.bill_open('delta', 1)$$, 'STATE', 'tier_has_no_price', 'a tier without a price for such a server is not taken for free');
delete from app_public.organization_billing where organization_id = tests.id('delta');
select tests.bill_subscription('delta', 'Start', '2027-03-01');
delete from app_public.organization_billing where organization_id = tests.id('delta');
select * from tests.refuses($$select tests.bill_open('delta', 1)$$, 'STATE', 'billing_details_missing', 'nobody is billed without details');

-- Any cut of any term adds up to the price, whatever it is.
select is((
  select count(*) from unnest('{28,29,30,31,365,366}'::int[]) as days, unnest('{1,2,7,99,4999,49900,310001,1000000007}'::bigint[]) as price
  where (select sum(app_private.prorated(price, days, day) - app_private.prorated(price, days, day - 1)) from generate_series(1, days) as day) <> price
     or app_private.prorated(price, days, 0) <> 0 or app_private.prorated(price, days, days) <> price), 0::bigint, 'the shares of single days add up to the price');
select is((
  select count(*) from unnest('{28,30,31,365}'::int[]) as days, generate_series(0, days) as cut
  where app_private.prorated(31001, days, cut) + (31001 - app_private.prorated(31001, days, cut)) <> 31001
     or app_private.prorated(31001, days, cut) <> round(31001::numeric * cut / days)), 0::bigint, 'and so do two parts, each rounded half away from zero');
select * from finish();
rollback;
