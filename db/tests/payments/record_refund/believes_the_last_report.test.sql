-- Test: refund_to_make, record_refund - the vendor is asked with the refund as the key; its last word by its own time counts; what did not go back is a balance. BIL-05, BIL-08.
begin;
select plan(33);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000));
select tests.remember('attempt', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id('invoice'))).id);
select app_hidden.attempt_to_charge(tests.id('attempt'));
select app_hidden.record_attempt(tests.id('attempt'), 'succeeded', 'pi_1');
select tests.remember('payment', (select id from app_public.payments));
create function pg_temp.said(name text, status text, at text, refund text default 're_1', failure text default null) returns text language sql as $$
  select app_hidden.record_refund(tests.id(name), status, refund, failure, ('2027-03-01 ' || at || '+02')::timestamptz)
$$;
create function pg_temp.books() returns bigint[] language sql as $$ select array[tests.account_of(tests.id('atlas'), 'card'), tests.account_of(tests.id('atlas'), 'customer_balance'), tests.account_of(tests.id('atlas'), 'receivable')] $$;

select tests.act_as('root');
select tests.remember('refund', (app_public.refund_payment(tests.id('payment'), 4000, 'Promised')).id);
select * from tests.refuses($$select app_public.refund_payment(tests.id('payment'), 6001, 'Promised')$$, 'CONFLICT', 'refund_exceeds_payment', 'what is on its way is not given back again');
select tests.act_as('the database');
select is((select task_identifier from graphile_worker.jobs where key = 'make_refund:' || tests.id('refund')), 'make_refund', 'a card is asked to take it back');
select is(pg_temp.books(), '{6000,0,0}'::bigint[], 'it is on its way');
select results_eq($$select provider, provider_payment_id, currency, amount, is_repeat from app_hidden.refund_to_make(tests.id('refund'))$$, $$values ('stripe', 'pi_1', 'RON', 4000::bigint, false)$$, 'the vendor is asked');
select results_eq($$select amount, is_repeat from app_hidden.refund_to_make(tests.id('refund'))$$, $$values (4000::bigint, true)$$, 'and again');
select is(pg_temp.said('refund', 'unknown', '10:01', null), 'unknown', 'nobody knows');
select is((select run_at from graphile_worker.jobs where key = 'make_refund:' || tests.id('refund')), '2027-03-01 10:05+02'::timestamptz, 'so it is asked again');
select is(pg_temp.said('refund', 'processing', '10:02'), 'processing', 'on its way');
select is(pg_temp.said('refund', 'succeeded', '10:05'), 'succeeded', 'there');
select is(pg_temp.said('refund', 'succeeded', '10:05'), 'succeeded', 'told twice');
select is(pg_temp.said('refund', 'processing', '10:03'), 'succeeded', 'what was before it');
select is(pg_temp.said('refund', 'failed', '10:04'), 'succeeded', 'is not believed');
select is(pg_temp.said('refund', 'unknown', '10:09', null), 'succeeded', 'nor that nobody knows');
select is(tests.events_of(tests.id('refund')), '{refund.succeeded}', 'it is told once');
select is_empty($$select * from app_hidden.refund_to_make(tests.id('refund'))$$, 'the vendor is asked no more');

select is(pg_temp.said('refund', 'failed', '10:07', 're_1', 'account_closed'), 'failed', 'a bank sends it back later');
select is(pg_temp.books(), '{10000,-4000,0}'::bigint[], 'it is a balance of the clinic');
select is(tests.invoice_in_words(tests.id('invoice')), 'paid overpaid 6000/4000', 'and the credit note stays');
select tests.remember('next', tests.issued_invoice(tests.id('atlas'), 3000));
select app_hidden.settle_invoice(tests.id('next'));
select is(tests.invoice_in_words(tests.id('next')), 'paid paid 3000/0', 'the next invoice is paid by it');
select is(pg_temp.said('refund', 'succeeded', '10:08'), 'succeeded', 'if it went back after all');
select is(pg_temp.books(), '{6000,0,3000}'::bigint[], 'the money is not there twice');
select is(tests.invoice_in_words(tests.id('next')), 'issued unpaid 0/0', 'the invoice is open again');
select is(tests.events_of(tests.id('refund')), '{refund.succeeded,refund.failed,refund.succeeded}', 'all of which is told');
select is((select concat_ws(' ', status, provider_refund_id, failure_code, provider_as_of) from app_public.refunds), concat_ws(' ', 'succeeded re_1', '2027-03-01 10:08+02'::timestamptz), 'the last word stands');

select * from tests.refuses($$select pg_temp.said('refund', 'done', '11:00')$$, 'VALIDATION', 'refund_status_unknown', 'a word that nobody knows');
select * from tests.refuses($$select app_hidden.record_refund(uuidv7(), 'failed')$$, 'NOT_FOUND', 'refund_not_found', 'of a refund that nobody knows');
select * from tests.refuses($$select * from app_hidden.refund_to_make(uuidv7())$$, 'NOT_FOUND', 'refund_not_found', 'there is nothing to give back');
select tests.act_as('root');
select * from tests.refuses($$select app_hidden.record_refund(tests.id('refund'), 'failed')$$, '42501', null, 'nobody says so but the worker');
select * from finish();
rollback;
