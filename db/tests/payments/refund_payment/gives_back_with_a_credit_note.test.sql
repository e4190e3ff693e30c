-- Test: refund_payment - the balance first and without a document, then what paid the invoice, with a credit note; no more than there is; the vendor is asked. BIL-05, BIL-08.
begin;
select plan(34);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, 1900, lines => '{7000,3000}'));
create function pg_temp.refund(amount bigint, payment text default 'transfer') returns text language plpgsql as $$
declare
  v_refund app_public.refunds := app_public.refund_payment(tests.id(payment), amount, 'Asked for it');
begin
  return concat_ws(' ', v_refund.status, (select concat_ws(' ', c.net_amount, c.gross_amount) from app_public.credit_notes c where c.id = v_refund.credit_note_id));
end $$;
create function pg_temp.notice() returns boolean language sql security definer as $$ select bool_and(e.payload ? 'refundId') from app_private.events e where e.name = 'credit_note.issued' $$;
select tests.act_as('root');
select tests.remember('transfer', (app_public.record_bank_transfer(tests.id('invoice'), 13000, '2027-03-01', 'FT 1')).id);
select is(pg_temp.refund(600), 'succeeded', 'what paid nothing goes back without a document');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -500::bigint, 'out of the balance');
select is(tests.account_of(tests.id('atlas'), 'bank'), 12400::bigint, 'and the bank');
select is(tests.events_of((select id from app_public.refunds)), '{refund.requested,refund.succeeded}', 'the clinic is told of it');
select is(pg_temp.refund(1690), 'succeeded 1000 1190', 'the rest of the balance, and then with a credit note');
select is(tests.invoice_in_words(tests.id('invoice')), 'paid paid 10710/1190', 'so that nothing is due');
select is((select array_agg(c.amount order by c.amount desc) from app_public.credit_note_lines c), '{700,300}'::bigint[], 'spread over the lines');
select is(array[tests.account_of(tests.id('atlas'), 'customer_balance'), tests.account_of(tests.id('atlas'), 'receivable'), tests.account_of(tests.id('atlas'), 'tax')], '{0,0,-1710}'::bigint[], 'in the books, too');
select is(pg_temp.notice(), true, 'the notice of the credit note tells of the refund');
select * from tests.refuses($$select pg_temp.refund(10711)$$, 'CONFLICT', 'refund_exceeds_payment', 'no more than is left');
select is(pg_temp.refund(10710), 'succeeded 9000 10710', 'all that is left');
select is(tests.invoice_in_words(tests.id('invoice')), 'paid paid 0/11900', 'the invoice was paid, and is credited as a whole');
select * from tests.refuses($$select pg_temp.refund(1)$$, 'CONFLICT', 'refund_exceeds_payment', 'then nothing');
select is((select sum(net_amount)::int from app_public.credit_notes), 10000, 'to the coin');
select is(array[tests.account_of(tests.id('atlas'), 'tax'), tests.account_of(tests.id('atlas'), 'plan_revenue'), tests.account_of(tests.id('atlas'), 'bank')], '{0,0,0}'::bigint[], 'as if it had not been');

select * from tests.refuses($$select pg_temp.refund(0)$$, 'VALIDATION', 'sum_out_of_range', 'nothing is no refund');
select * from tests.refuses($$select app_public.refund_payment(tests.id('transfer'), 1, '')$$, 'VALIDATION', 'reason_missing', 'it says why');
select * from tests.refuses($$select app_public.refund_payment(uuidv7(), 1, 'Asked for it')$$, 'NOT_FOUND', 'payment_not_found', 'of something');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.refund(1)$$, 'FORBIDDEN', 'superadmin_only', 'a clinic gives itself nothing back');

-- What a balance of it pays elsewhere is not given back from here; and what the invoicing provider has not issued needs no credit note yet.
select tests.act_as('root');
select tests.remember('second', tests.issued_invoice(tests.id('atlas'), 1000, has_document => false)), tests.remember('third', tests.issued_invoice(tests.id('atlas'), 400));
select tests.remember('more', (app_public.record_bank_transfer(tests.id('second'), 1600, '2027-03-01', 'FT 2')).id);
select is(tests.invoice_in_words(tests.id('third')), 'paid paid 400/0', 'a payment of two invoices');
select * from tests.refuses($$select pg_temp.refund(1201, 'more')$$, 'CONFLICT', 'refund_exceeds_payment', 'gives back what is of its own');
select * from tests.refuses($$select pg_temp.refund(201, 'more')$$, 'STATE', 'invoice_document_missing', 'with a credit note for what there is a document of');
select is(pg_temp.refund(200, 'more'), 'succeeded', 'and the balance in any case');
select tests.act_as('the database');
select tests.document_of(tests.id('second'), 190), tests.act_as('the worker');
select app_hidden.settle_invoice(tests.id('second'));
select tests.act_as('root');
select is(tests.invoice_in_words(tests.id('second')), 'issued partially_paid 1000/0', 'what was paid before the tax was known is a part then');
select is(pg_temp.refund(600, 'more'), 'succeeded 504 600', 'of a part of it a part');
select is(tests.invoice_in_words(tests.id('second')), 'issued partially_paid 400/600', 'what is due stays due');
select * from finish();
rollback;
