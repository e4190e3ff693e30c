-- Test: bill_lines (rate_usage, usage_spans, late_lines, ai_amount, overage, billed_position) - what is beyond the allowance is billed, of soft meters only; what is told late is billed later, as far as it crosses the allowance. BIL-02.
begin;
select plan(22);
select tests.clinic('atlas'), tests.clinic('boreal'), tests.clinic('cobalt');
select tests.bill_meter('sent', 'count'), tests.bill_meter('drawn', 'sum'), tests.bill_meter('held', 'max'), tests.bill_meter('asked', 'count');
select tests.bill_tier('Start', 10000, '{"sent": [4, 0.5], "drawn": [10, 2.25], "held": [5, 100], "asked": [1, 100, "hard"]}'),
  tests.bill_tier('Pro', 20000, '{"sent": [35, 0.25], "drawn": [null, null], "held": [10, 50]}', markup => 0);
select tests.freeze_time('2027-04-01 00:00+03'), tests.bill_subscription('atlas', 'Start', '2027-04-01', 4), tests.bill_subscription('boreal', 'Start', '2027-04-01', 2);
select is(app_private.overage(10, 4, 0.5), 3::bigint, 'six beyond four at half a coin');
select is(app_private.overage(5, 4, 0.5), 1::bigint, 'half a coin is rounded away from zero');
select is(app_private.overage(4, 4, 0.5), 0::bigint, 'what is included costs nothing');
select is(app_private.overage(4, null, 0.5), 0::bigint, 'nor does what has no limit');
select is(app_private.overage(4, 1, null), 0::bigint, 'nor what has no price');

select tests.bill_use('atlas', 'sent', 1, '2027-04-02 10:00+03') from generate_series(1, 3);
select tests.bill_use('atlas', 'drawn', 12.5, '2027-04-02 10:00+03'), tests.bill_use('atlas', 'held', 7, '2027-04-02 10:00+03'), tests.bill_use('atlas', 'held', 3, '2027-04-20 10:00+03');
select tests.bill_use('atlas', 'asked', 1, '2027-04-02 10:00+03') from generate_series(1, 3);
select tests.freeze_time('2027-05-01 00:00+03'), (tests.bill_open('atlas', 2)).id;
select is((select tests.bill_lines_of((tests.bill_close('atlas', 1)).id)), '{"overage drawn 2.5 x 2.25 = 6","overage held 2 x 100 = 200"}',
  'sums and levels beyond the allowance; what is within it and what a hard limit holds is not billed');

-- April is told of in May: the fourth is included, the fifth and sixth are not.
select tests.bill_use('atlas', 'sent', 1, '2027-04-30 23:59+03', 'late ' || n) from generate_series(1, 1) n;
select tests.freeze_time('2027-06-01 00:00+03');
select is((tests.bill_close('atlas', 2)).id, null, 'told late within the allowance it costs nothing');
select tests.bill_use('atlas', 'sent', 1, '2027-04-30 23:59+03', 'later ' || n), tests.bill_use('atlas', 'sent', 1, '2027-05-31 23:59+03') from generate_series(1, 2) n;
select tests.bill_ai('atlas', 10.4, '2027-04-10 10:00+03'), tests.bill_ai('atlas', 0.4, '2027-05-10 10:00+03');
select tests.freeze_time('2027-07-01 00:00+03');
create temporary table third as select (tests.bill_close('atlas', 3)).id;
select is((select tests.bill_lines_of(id) from third), '{"late_overage sent 2 x 0.5 = 1","late_ai ai_calls 1 x 13.52 = 14","late_ai ai_calls 1 x 0.52 = 1"}', 'beyond it, and AI of earlier months, it is a line of the next invoice, by the month that it is of');
select is((select array_agg(starts_on order by position) from app_public.invoice_lines where invoice_id = (select id from third)), '{2027-04-01,2027-04-01,2027-05-01}'::date[], 'with that month''s days');
-- What rounds is rounded once for the month, however it comes.
select tests.bill_ai('atlas', 0.1, '2027-04-10 10:00+03') from generate_series(1, 3);
select tests.freeze_time('2027-08-01 00:00+03');
select is((tests.bill_close('atlas', 4)).id, null, 'what does not change the rounded sum of its month is not billed');
select is((select array_agg(problem) from app_private.verify_bills(tests.id('atlas'))), null, 'and all of it comes to the same when it is computed again');

-- Within a month a plan gives its allowance for its days: 4 * 10/30 + 35 * 20/30, 1 and 24 rounded by days.
select tests.freeze_time('2027-04-01 00:00+03'), tests.bill_change('boreal', 'Pro', '2027-04-11');
select tests.bill_use('boreal', 'sent', 1, '2027-04-02 10:00+03') from generate_series(1, 28);
select tests.bill_use('boreal', 'drawn', 100, '2027-04-02 10:00+03'), tests.bill_use('boreal', 'held', 8, '2027-04-02 10:00+03'), tests.bill_use('boreal', 'held', 12, '2027-04-12 10:00+03');
select tests.bill_ai('boreal', 10, '2027-04-10 23:59+03'), tests.bill_ai('boreal', 10, '2027-04-11 00:00+03');
select tests.freeze_time('2027-05-01 00:00+03');
select tests.remember('changed', (tests.bill_close('boreal', 1)).id);
create temporary table changed as select l.kind, l.meter, l.quantity, l.unit_price, l.amount, l.starts_on from app_public.invoice_lines l where l.invoice_id = tests.id('changed');
select is((select (quantity, unit_price, amount)::text from changed where meter = 'sent'), '(4,0.25,1)', 'the allowance of a month with two plans is that of each for its days');
select is((select count(*) from changed where meter = 'drawn'), 0::bigint, 'a plan without limit at the end of the month bills nothing');
select is((select array_agg(amount order by starts_on) from changed where meter = 'held'), '{100,67}'::bigint[], 'a level is rated by each plan for its days');
select is((select (unit_price, amount)::text from changed where kind = 'ai'), '(23,23)', 'AI has the markup of the plan of its day');

-- A subscription that ends in a month: what is used afterwards is not billed.
select tests.freeze_time('2027-04-01 00:00+03'), tests.bill_subscription('cobalt', 'Start', '2027-04-01', 2);
select tests.bill_use('cobalt', 'sent', 1, '2027-04-09 10:00+03') from generate_series(1, 6);
select tests.bill_use('cobalt', 'sent', 1, '2027-04-10 12:00+03') from generate_series(1, 6);
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = '2027-04-10 12:00+03' where id = tests.id('subscription of cobalt');
set local session_replication_role = origin;
select tests.freeze_time('2027-04-10 12:00+03');
select is((select tests.bill_lines_of((tests.bill_close('cobalt', 1)).id)), '{"overage sent 2 x 0.5 = 1"}', 'a subscription that ended is billed at once, for what was used until then');

-- Earlier ones first.
select tests.freeze_time('2027-04-01 00:00+03'), tests.clinic('delta'), tests.bill_subscription('delta', 'Start', '2027-04-01', 3), tests.freeze_time('2027-07-01 00:00+03');
select * from tests.refuses($$select tests.bill_close('delta', 2)$$, 'STATE', 'earlier_period_is_open', 'no period is closed before the one before it');
select * from tests.refuses($$select app_private.close_period(tests.id('delta'), uuidv7())$$, 'NOT_FOUND', 'not_found', 'nor one that is not there');
select * from tests.refuses($$select app_private.close_period(tests.id('atlas'), tests.id('month 1 of delta'))$$, 'NOT_FOUND', 'not_found', 'or another clinic''s');
select * from finish();
rollback;
