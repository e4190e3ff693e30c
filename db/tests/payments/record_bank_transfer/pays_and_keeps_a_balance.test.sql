-- Test: record_bank_transfer - a part, the rest, more than is due, twice; what is left pays what else is due and the next invoice. BIL-07, BIL-05.
begin;
select plan(29);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.remember('first', tests.issued_invoice(tests.id('atlas'), 10000, 1900)), tests.remember('second', tests.issued_invoice(tests.id('atlas'), 5000));
create function pg_temp.pay(invoice text, amount bigint, reference text, day date default '2027-03-01') returns text language sql as $$
  select concat_ws(' ', p.applied_amount, p.amount - p.applied_amount - p.refunded_amount)
  from app_public.record_bank_transfer(tests.id(invoice), amount, day, reference) p
$$;
select tests.act_as('olga');
select * from tests.refuses($$select app_public.record_bank_transfer(tests.id('first'), 100, '2027-03-01', 'FT1')$$, 'FORBIDDEN', 'superadmin_only', 'a clinic does not say that it paid');

select tests.act_as('root');
select is(pg_temp.pay('first', 4000, 'FT 1'), '4000 0', 'a part');
select is(tests.invoice_in_words(tests.id('first')), 'issued partially_paid 4000/0', 'is a part');
select is(pg_temp.pay('first', 4000, ' ft  1 '), '4000 0', 'the same transfer again is the same');
select is(tests.invoice_in_words(tests.id('first')), 'issued partially_paid 4000/0', 'and counts once');
select * from tests.refuses($$select pg_temp.pay('first', 4001, 'FT 1')$$, 'CONFLICT', 'transfer_recorded_otherwise', 'with another amount it is refused');
select * from tests.refuses($$select pg_temp.pay('second', 4000, 'FT 1')$$, 'CONFLICT', 'transfer_recorded_otherwise', 'for another invoice as well');
select is(pg_temp.pay('first', 7900, 'FT 2'), '7900 0', 'the rest');
select is(tests.invoice_in_words(tests.id('first')), 'paid paid 11900/0', 'pays it');
select is(tests.events_of(tests.id('first')), '{invoice.paid}', 'which is told once');

select is(pg_temp.pay('first', 7000, 'FT 3'), '5000 2000', 'paid twice, it pays what else is due, and the rest is kept');
select is(tests.invoice_in_words(tests.id('first')), 'paid overpaid 11900/0', 'for the first it was too much');
select is(tests.invoice_in_words(tests.id('second')), 'paid paid 5000/0', 'the second is paid');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -2000::bigint, 'the books owe the clinic the rest');
select is(tests.account_of(tests.id('atlas'), 'receivable'), 0::bigint, 'and the clinic owes nothing');

select tests.act_as('the database');
select tests.remember('third', tests.issued_invoice(tests.id('atlas'), 1500, has_document => false));
select app_hidden.settle_invoice(tests.id('third'));
select is(tests.invoice_in_words(tests.id('third')), 'issued unpaid 0/0', 'what an invoice comes to has to be known');
select tests.document_of(tests.id('third'), 285);
select is((select count(*)::int from graphile_worker.jobs where key = 'settle_invoice:' || tests.id('third')), 1, 'once it is, a job settles it');
select app_hidden.settle_invoice(tests.id('third'));
select is(tests.invoice_in_words(tests.id('third')), 'paid paid 1785/0', 'out of the balance');
select is(tests.invoice_in_words(tests.id('first')), 'paid overpaid 11900/0', 'of which a part is left');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -215::bigint, 'in the books as well');

select tests.act_as('root');
select * from tests.refuses($$select pg_temp.pay('first', 0, 'FT 9')$$, 'VALIDATION', 'sum_out_of_range', 'nothing is no payment');
select * from tests.refuses($$select pg_temp.pay('first', 100, ' ')$$, 'VALIDATION', 'reference_missing', 'nor one without a reference');
select * from tests.refuses($$select pg_temp.pay('first', 100, 'FT 9', '2027-03-04')$$, 'VALIDATION', 'day_out_of_range', 'nor one of a day to come');
select * from finish();
rollback;
