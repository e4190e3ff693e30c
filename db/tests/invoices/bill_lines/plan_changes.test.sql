-- Test: bill_lines (tier_changes_of, rest_of_term, tier_days, term_of, write_bill) - a change of the plan takes the rest of the old price off and adds that of the new one, by days; what comes to less than nothing is carried over. BIL-02.
begin;
select plan(17);
select tests.clinic('atlas'), tests.clinic('boreal'), tests.clinic('cobalt'), tests.clinic('delta');
select tests.bill_tier('Start', 10000, annual => 100000), tests.bill_tier('Pro', 31000, annual => 310001), tests.bill_tier('Free', 0, annual => 0);
select tests.freeze_time('2027-03-01 00:00+02');
select tests.bill_subscription('atlas', 'Start', '2027-03-01', 3), tests.bill_subscription('boreal', 'Pro', '2027-03-01', 3);
select tests.bill_subscription('cobalt', 'Start', '2027-03-01', 14, 'annual'), tests.bill_subscription('delta', 'Free', '2027-03-01', 2);
select tests.bill_open(c, 1) from unnest('{atlas,boreal,cobalt,delta}'::text[]) c;

-- Up on the 11th: 21 of 31 days are left.
select tests.bill_change('atlas', 'Pro', '2027-03-11');
-- Up, down and up on one day, and back: only the last of a day counts.
select tests.bill_change('boreal', t, d) from (values ('Start', '2027-03-11'::date), ('Pro', '2027-03-11'), ('Start', '2027-03-11'), ('Pro', '2027-03-21')) as c (t, d);
-- On the first day, after it was billed.
select tests.bill_change('delta', 'Pro', '2027-03-01');
select tests.freeze_time('2027-04-01 00:00+03');
create temporary table made as select c as clinic, tests.bill_close(c, 1) as invoice from unnest('{atlas,boreal,cobalt,delta}'::text[]) c;
select is((select tests.bill_lines_of((invoice).id) from made where clinic = 'atlas'), '{"plan_change -1 x 6774 = -6774","plan_change 1 x 21000 = 21000"}', 'the days that are left cost the new price instead of the old');
select is((select (invoice).net_amount from made where clinic = 'atlas'), 14226::bigint, 'which is what is to be paid');
select is((select lines::text from app_public.period_bills where period_id = tests.id('month 1 of boreal') and kind = 'period') like '%-21000%6774%-3548%11000%', true, 'down and up again: each by its days');
select is((select (invoice).id from made where clinic = 'boreal'), null, 'nothing is to be paid');
select is((select (net_amount, carried_before, carried_after)::text from app_public.period_bills where period_id = tests.id('month 1 of boreal') and kind = 'period'), '(-6774,0,-6774)', 'and what comes to less than nothing is carried over');
select is((select tests.bill_lines_of((invoice).id) from made where clinic = 'delta'), '{"plan_change 1 x 31000 = 31000"}', 'a change on the day that was billed already counts from that day on');
select is((select (invoice).id from made where clinic = 'cobalt'), null, 'a year was billed, and nothing changed');

select tests.bill_open(c, 2) from unnest('{atlas,boreal,cobalt,delta}'::text[]) c;
select is((select tests.bill_lines_of(i.id) from app_public.invoices i where i.period_id = tests.id('month 2 of boreal') and i.kind = 'advance'),
  '{"plan 1 x 31000 = 31000","credit -1 x 6774 = -6774"}', 'the credit is taken off the next bill');
select is((select net_amount from app_public.invoices i where i.period_id = tests.id('month 2 of boreal') and i.kind = 'advance'), 24226::bigint, 'which never falls below zero');
select is((select carried_after from app_public.period_bills where period_id = tests.id('month 2 of boreal') and kind = 'advance'), 0::bigint, 'and then there is none');
select is((select tests.bill_lines_of(i.id) from app_public.invoices i where i.period_id = tests.id('month 2 of atlas') and i.kind = 'advance'), '{"plan 1 x 31000 = 31000"}', 'the next month costs the new price');
select is((select count(*) from app_public.invoices i where i.period_id = tests.id('month 2 of cobalt')), 0::bigint, 'a month within a year is billed nothing in advance');

-- A year of 366 days, since its February has 29; on 1 May 305 are left.
select tests.bill_change('cobalt', 'Pro', '2027-05-01');
select tests.freeze_time('2027-05-01 00:00+03'), (tests.bill_close('cobalt', 2)).id, (tests.bill_open('cobalt', 3)).id;
select tests.freeze_time('2027-06-01 00:00+03');
select is((select tests.bill_lines_of((tests.bill_close('cobalt', 3)).id)), '{"plan_change -1 x 83333 = -83333","plan_change 1 x 258334 = 258334"}', 'the rest of a year is counted by the days of the year');
select is(app_private.prorated(310001, 366, 61) + 258334, 310001::bigint, 'and the shares add up to the price');
do $$ begin
  for n in 4 .. 12 loop
    perform tests.freeze_time((timestamp '2027-03-01' + make_interval(months => n)) at time zone 'Europe/Bucharest');
    perform tests.bill_open('cobalt', n), tests.bill_close('cobalt', n);
  end loop;
end $$;
select is((select tests.bill_lines_of((tests.bill_open('cobalt', 13)).id)), '{"plan 1 x 310001 = 310001"}', 'the next year is billed in advance again');
select is((select (starts_on, ends_on)::text from app_public.invoice_lines where kind = 'plan' and amount = 310001), '(2028-03-01,2029-03-01)', 'for all of it');
select is((select array_agg(problem) from unnest('{atlas,boreal,cobalt,delta}'::text[]) c, app_private.verify_bills(tests.id(c))), null, 'and all of it comes to the same when it is computed again');
select * from finish();
rollback;
