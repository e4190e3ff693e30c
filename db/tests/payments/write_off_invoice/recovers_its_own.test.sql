-- Test: write_off_invoice, allocate - money for what was given up recovers that and no other write-off; once it is paid, what goes back is a refund and no loss. BIL-05.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.remember('one', tests.issued_invoice(tests.id('atlas'), 1000)), tests.remember('two', tests.issued_invoice(tests.id('atlas'), 2000)), tests.remember('open', tests.issued_invoice(tests.id('atlas'), 5000));
create function pg_temp.recovered() returns text language sql security definer as $$
  select string_agg(recovered_amount || '/' || amount, ' ' order by amount) from app_public.write_offs
$$;
create function pg_temp.books() returns bigint[] language sql security definer as $$
  select array[tests.account_of(tests.id('atlas'), 'write_off'), tests.account_of(tests.id('atlas'), 'receivable'), tests.account_of(tests.id('atlas'), 'customer_balance')]
$$;
create function pg_temp.of(invoice text) returns text language sql security definer as $$ select tests.invoice_in_words(tests.id(invoice)) $$;

select tests.act_as('root');
select app_public.write_off_invoice(tests.id('one'), 'Gone');
select is(pg_temp.of('two') || ', ' || pg_temp.of('open'), 'issued unpaid 0/0, issued unpaid 0/0', 'one is given up, and no other');
select app_public.write_off_invoice(tests.id('two'), 'Gone as well');
select is(pg_temp.books(), '{3000,5000,0}'::bigint[], 'two are');
select app_public.record_bank_transfer(tests.id('open'), 500, '2027-03-01', 'FT 1');
select is(pg_temp.recovered(), '0/1000 0/2000', 'what is paid of another invoice recovers nothing');
select tests.remember('late', (app_public.record_bank_transfer(tests.id('one'), 1000, '2027-03-01', 'FT 2')).id);
select is(pg_temp.recovered(), '1000/1000 0/2000', 'what is paid of one recovers that one');
select is(pg_temp.books(), '{2000,4500,0}'::bigint[], 'and is owed by nobody');
select is(pg_temp.of('one'), 'paid paid 1000/0', 'it is paid');
select app_public.refund_payment(tests.id('late'), 400, 'Promised');
select is(pg_temp.recovered(), '1000/1000 0/2000', 'what goes back of it was recovered all the same');
select is(pg_temp.books(), '{2000,4500,0}'::bigint[], 'for a credit note takes as much off');
select is(pg_temp.of('one'), 'paid paid 600/400', 'and it stays paid');
select * from finish();
rollback;
