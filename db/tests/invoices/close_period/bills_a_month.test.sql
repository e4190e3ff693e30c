-- Test: close_period, open_period_invoice (write_bill, draft_invoice, issue_invoice, bill_lines, advance_lines) - a month is billed in advance for the plan and afterwards for what was used, once. BIL-02, BIL-03, BIL-10.
begin;
select plan(26);
select tests.clinic('atlas');
select tests.bill_meter('text_messages', 'count'), tests.bill_meter('ai_calls', 'count');
select tests.bill_tier('Pro', 49900, '{"text_messages": [3, 12.5]}');
select tests.freeze_time('2027-03-01 00:00+02'), tests.bill_subscription('atlas', 'Pro', '2027-03-01', 2);
create temporary table made (what text, invoice app_public.invoices);
grant all on made to public;

insert into made select 'advance', tests.bill_open('atlas', 1);
select is((select tests.bill_lines_of((invoice).id) from made where what = 'advance'), '{"plan 1 x 49900 = 49900"}', 'the plan is billed in advance');
select is((select (invoice).net_amount from made where what = 'advance'), 49900::bigint, 'for its price');
select is((select (invoice).status || ' ' || (invoice).payment_state || ' ' || (invoice).provider from made where what = 'advance'), 'issued unpaid manual', 'issued, and not paid');
select is((select (invoice).due_on from made where what = 'advance'), '2027-03-15'::date, 'due after two weeks by bank transfer');
select is((select (invoice).billed_to ->> 'legalName' from made where what = 'advance'), 'atlas SRL', 'to whom the clinic was');
select is((select (tests.bill_open('atlas', 1)).id), (select (invoice).id from made where what = 'advance'), 'opened again it is the same');
select is((select sum(amount) from app_private.postings), 0::numeric, 'its postings sum to zero');
select is((select array_agg(account || ' ' || amount order by account) from app_private.postings), '{"plan_revenue -49900","receivable 49900"}', 'the plan is revenue that is owed');
select is(tests.events_of((select (invoice).id from made where what = 'advance')), '{invoice.issued}', 'the invoice is an event');
select is((select count(*) from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'issue_document'), 1::bigint, 'and one job issues the document');

select tests.bill_use('atlas', 'text_messages', 1, '2027-03-10 12:00+02') from generate_series(1, 7);
select tests.bill_ai('atlas', 10.111, '2027-03-11 12:00+02') from generate_series(1, 3);
select * from tests.refuses($$select tests.bill_close('atlas', 1)$$, 'STATE', 'period_has_not_ended', 'a month that runs is not closed');
select tests.freeze_time('2027-04-01 00:00+03');
select * from tests.refuses($$select tests.bill_close('atlas', 2)$$, 'STATE', 'period_has_not_ended', 'nor is the next');
insert into made select 'period', tests.bill_close('atlas', 1);
select is((select tests.bill_lines_of((invoice).id) from made where what = 'period'),
  '{"overage text_messages 4 x 12.5 = 50","ai ai_calls 1 x 39.4329 = 39"}', 'what was used beyond the allowance, and AI with its markup, rounded once');
select is((select (invoice).net_amount from made where what = 'period'), 89::bigint, 'come to their sum');
select is((select (tests.bill_close('atlas', 1)).id), (select (invoice).id from made where what = 'period'), 'closed again it is the same');
select is((select array_agg((invoice).number order by (invoice).number) from made), '{1,2}', 'numbers follow each other');
select is((select count(distinct (invoice).series) from made), 1::bigint, 'in one series');
select is((select array_agg(descriptions ->> 'en' order by position) from app_public.invoice_lines where invoice_id = (select (invoice).id from made where what = 'period')),
  '{"Text_Messages, beyond the included (2027-03-01 – 2027-03-31)","AI calls (2027-03-01 – 2027-03-31)"}', 'each line says what it is');
select isnt((select closed_at from app_public.billing_periods where id = tests.id('month 1 of atlas')), null, 'the period is closed');
select is((select count(*) from app_private.verify_bills(tests.id('atlas'))), 0::bigint, 'and all of it comes to the same when it is computed again');

-- A month with nothing.
select tests.freeze_time('2027-05-01 00:00+03');
select is((tests.bill_close('atlas', 2)).id, null, 'a month in which nothing was used beyond the allowance has no invoice');
select isnt((select closed_at from app_public.billing_periods where id = tests.id('month 2 of atlas')), null, 'and is closed');
select is((select net_amount || ' ' || carried_after || ' ' || lines::text from app_public.period_bills where period_id = tests.id('month 2 of atlas')), '0 0 []', 'with nothing written down');
select is((select count(*) from app_private.verify_bills(tests.id('atlas'))), 0::bigint, 'which is right, too');
select * from finish();
rollback;
