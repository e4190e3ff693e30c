-- Test: verify_billing, verify_clinic_billing (verify_bills, verify_invoice, verify_numbers), compare_usage - whatever was bent behind the back of the triggers is told, and a counter that is not its records. BIL-02, FND-24.
begin;
select plan(18);
select tests.clinic('atlas'), tests.person('sara', superadmin => true), tests.bill_meter('sent', 'count'), tests.bill_tier('Pro', 49900, '{"sent": [1, 10]}');
select tests.freeze_time('2027-03-01 00:00+02'), tests.bill_subscription('atlas', 'Pro', '2027-03-01', 2), (tests.bill_open('atlas', 1)).id;
select tests.bill_use('atlas', 'sent', 1, '2027-03-02 10:00+02') from generate_series(1, 4);
select tests.freeze_time('2027-04-01 00:00+03'), (tests.bill_close('atlas', 1)).id;
create function pg_temp.after(change text) returns text[] language plpgsql as $$
declare
  v_problems text[];
begin
  begin
    set local session_replication_role = replica;
    execute change;
    set local session_replication_role = origin;
    select coalesce(array_agg(distinct problem order by problem), '{}') into v_problems from app_private.verify_bills(tests.id('atlas'));
    raise exception using errcode = 'XX001', message = array_to_json(v_problems)::text;
  exception when sqlstate 'XX001' then
    return array(select jsonb_array_elements_text(sqlerrm::jsonb));
  end;
end $$;
select is(pg_temp.after('select 1'), '{}', 'nothing differs');
select is(pg_temp.after('update app_public.invoice_lines set amount = amount + 1 where kind = ''overage'''), '{invoice_lines_differ,net_amount_differs}', 'a line that was changed');
select is(pg_temp.after('update app_public.invoices set net_amount = net_amount + 1 where kind = ''period'''), '{net_amount_differs,revenue_differs}', 'an amount');
select is(pg_temp.after('update app_public.invoices set billed_to = billed_to || ''{"city": "Cluj"}'''), '{hash_differs}', 'whom it is for');
select is(pg_temp.after('update app_public.invoices set inputs = inputs || ''{"policy": 2}'''), '{hash_differs,inputs_differ}', 'what it was computed from');
select is(pg_temp.after('update app_private.postings set amount = amount + 1 where account = ''receivable'''), '{postings_not_balanced}', 'a posting');
select is(pg_temp.after('delete from app_private.postings'), '{revenue_differs}', 'postings that are gone');
select ok(pg_temp.after('delete from app_public.usage_records where position = 1') @> '{amount_differs,inputs_differ,lines_differ}', 'usage that is gone');
select ok(pg_temp.after('update app_public.platform_tier_prices set monthly_amount = monthly_amount + 1') @> '{amount_differs,inputs_differ,lines_differ}', 'a price that was published and changed');
select is(pg_temp.after('delete from app_public.period_bills where kind = ''period'''), '{invoice_without_period}', 'an invoice of no period');
select is(pg_temp.after('delete from app_public.invoices where kind = ''period'''), '{invoice_missing}', 'a period without its invoice');
select is(pg_temp.after('update app_public.invoices set tax_amount = 19, total_amount = net_amount + 20 where kind = ''advance'''), '{provider_total_differs}', 'a total of the provider that is not net and tax');

select tests.act_as('the worker');
select is(app_private.verify_clinic_billing(tests.id('atlas')), 0, 'the worker finds nothing');
select tests.act_as('the database');
set local session_replication_role = replica;
update app_public.invoices set billed_to = '{}';
delete from app_public.invoices where kind = 'advance';
set local session_replication_role = origin;
select tests.act_as('the worker');
select is(app_private.verify_clinic_billing(tests.id('atlas')), 2, 'or how much differs');
select tests.act_as('the database');
select is(tests.events_of(tests.id('atlas')), '{billing_check.differed}', 'which is an event');
select tests.act_as('sara');
select is((select jsonb_agg(expected -> 'number') from app_public.verify_billing(tests.id('atlas')) where problem = 'number_missing'), '[1]', 'and a number that no document has is told');

-- A counter that is not its records.
select tests.act_as('the database');
select tests.bill_use('atlas', 'sent', 1, '2027-04-02 10:00+03') from generate_series(1, 3);
set local session_replication_role = replica;
update app_public.usage_summaries set quantity = 2 where period_starts_at = '2027-04-01 00:00+03' and meter = 'sent';
set local session_replication_role = origin;
select tests.freeze_time('2027-05-01 00:00+03');
select is((select tests.bill_lines_of((tests.bill_close('atlas', 2)).id)), '{"overage sent 2 x 10 = 20"}', 'the records are billed');
select is((select payload from app_private.events where name = 'billing_period.usage_differs'),
  jsonb_build_object('periodId', tests.id('month 2 of atlas'), 'meter', 'sent', 'counted', 2, 'recorded', 3), 'and somebody is told');
select * from finish();
rollback;
