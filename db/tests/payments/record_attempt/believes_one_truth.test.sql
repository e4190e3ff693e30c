-- Test: queue_payment_attempt, attempt_to_charge, record_attempt - what is due is asked for once; reports come twice, late and in any order, and one truth is left. BIL-04, BIL-05.
begin;
select plan(47);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, has_document => false)), tests.remember('second', tests.issued_invoice(tests.id('atlas'), 2000));
create function pg_temp.attempt(name text, invoice text) returns text language sql as $$
  select a.position || ' ' || a.amount || ' ' || a.status || coalesce(tests.remember(name, a.id)::text, '') from app_private.queue_payment_attempt(tests.id('atlas'), tests.id(invoice)) a
$$;
create function pg_temp.status(name text) returns text language sql as $$ select concat_ws(' ', a.status, a.amount, a.failure_code, a.provider_payment_id) from app_public.payment_attempts a where a.id = tests.id(name) $$;
create function pg_temp.said(name text, status text, at text, payment text default null, failure text default null) returns text language sql as $$
  select app_hidden.record_attempt(tests.id(name), status, payment, failure, ('2027-03-01 ' || at || '+02')::timestamptz)
$$;

select is(left(pg_temp.attempt('first', 'invoice'), 14), '1 10000 queued', 'an attempt over what is known');
select is(left(pg_temp.attempt('again', 'invoice'), 14), '1 10000 queued', 'one at a time');
select is(tests.id('again'), tests.id('first'), 'the same');
select is((select run_at from graphile_worker.jobs where key = 'charge_invoice:' || tests.id('first')), '2027-03-01 10:00+02'::timestamptz, 'with its job');
select is_empty($$select * from app_hidden.attempt_to_charge(tests.id('first'))$$, 'the provider is not asked until the total is known');
select is((select run_at from graphile_worker.jobs where key = 'charge_invoice:' || tests.id('first')), '2027-03-01 10:10+02'::timestamptz, 'but soon again');
select tests.document_of(tests.id('invoice'), 1900);
select results_eq($$select invoice_id, provider, currency, amount, is_repeat, invoice_number ~ '^[A-Z]+[A-Z0-9]* \d+$' from app_hidden.attempt_to_charge(tests.id('first'))$$, $$values (tests.id('invoice'), 'stripe', 'RON', 11900::bigint, false, true)$$, 'then for the total');
select results_eq($$select amount, is_repeat from app_hidden.attempt_to_charge(tests.id('first'))$$, $$values (11900::bigint, true)$$, 'a worker that died asks for the same again');
select is(tests.invoice_in_words(tests.id('invoice')), 'issued processing 0/0', 'the invoice shows it');
select is(pg_temp.said('first', 'unknown', '10:00'), 'unknown', 'nobody knows');
select is((select run_at from graphile_worker.jobs where key = 'charge_invoice:' || tests.id('first')), '2027-03-01 10:05+02'::timestamptz, 'so it is asked again');
select is(pg_temp.said('first', 'processing', '09:00'), 'processing', 'what the vendor says counts, however old');
select is(pg_temp.said('first', 'failed', '10:03', 'pi_1', 'card_declined'), 'failed', 'declined');
select is(pg_temp.status('first'), 'failed 11900 card_declined pi_1', 'and why');
select is(tests.invoice_in_words(tests.id('invoice')), 'issued failed 0/0', 'which the invoice shows');
select is(tests.events_of(tests.id('first')), '{payment_attempt.failed}', 'and which is told');
select is(pg_temp.said('first', 'failed', '10:03', 'pi_1', 'card_declined'), 'failed', 'told twice');
select is(pg_temp.said('first', 'processing', '10:04'), 'failed', 'what has ended does not go on');
select is(pg_temp.said('first', 'unknown', '10:05'), 'failed', 'nor is it unknown again');
select is(pg_temp.said('first', 'canceled', '10:02'), 'failed', 'of two ends the later by the vendor''s time');
select is(pg_temp.said('first', 'canceled', '10:04'), 'canceled', 'whichever comes first');
select is(tests.events_of(tests.id('first')), '{payment_attempt.failed}', 'it failed once');

select is(left(pg_temp.attempt('next', 'invoice'), 14), '2 11900 queued', 'the next attempt');
select app_hidden.attempt_to_charge(tests.id('next'));
select is(pg_temp.said('next', 'succeeded', '10:10', 'pi_2'), 'succeeded', 'takes the money');
select is(tests.invoice_in_words(tests.id('invoice')), 'paid paid 11900/0', 'the invoice is paid');
select is(pg_temp.said('next', 'succeeded', '10:10', 'pi_2'), 'succeeded', 'told by the webhook as well');
select is(pg_temp.said('next', 'processing', '10:09', 'pi_2'), 'succeeded', 'and what was before it');
select is(pg_temp.said('next', 'failed', '10:08', 'pi_2'), 'succeeded', 'and before that');
select is((select array_agg(provider_payment_id || amount) from app_public.payments), '{pi_211900}', 'it is one payment');
select is(tests.events_of(tests.id('next')), '{}', 'and nothing to look at');
select is(pg_temp.said('next', 'failed', '10:11', 'pi_2'), 'succeeded', 'that it failed afterwards is not believed');
select is(tests.events_of(tests.id('next')), '{payment.contradicted}', 'but told');
select is_empty($$select * from app_hidden.attempt_to_charge(tests.id('next'))$$, 'and the vendor is not asked again');

-- Money that was taken is taken: also by an attempt that had failed, and then it is a balance.
select is(pg_temp.said('first', 'succeeded', '10:01', 'pi_1'), 'succeeded', 'the first attempt took the money after all');
select is(tests.events_of(tests.id('first')), '{payment_attempt.failed,payment.contradicted}', 'which contradicts what came later');
select is(tests.invoice_in_words(tests.id('invoice')) || ', ' || tests.invoice_in_words(tests.id('second')), 'paid overpaid 11900/0, paid paid 2000/0', 'no invoice is paid twice: it pays the other one');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -9900::bigint, 'and the rest is kept');
select is((select status || amount from app_public.payment_attempts where invoice_id = tests.id('second')), null, 'nothing is charged of that');
select is(app_private.queue_payment_attempt(tests.id('atlas'), tests.id('second')), null, 'nor queued');
select tests.remember('third', tests.issued_invoice(tests.id('atlas'), 20000));
select pg_temp.attempt('rest', 'third');
select results_eq($$select amount from app_hidden.attempt_to_charge(tests.id('rest'))$$, $$values (10100::bigint)$$, 'a balance pays before a card does');
select * from tests.refuses($$select pg_temp.said('rest', 'succeeded', '10:20')$$, 'VALIDATION', 'payment_id_missing', 'a payment has an id at the vendor');
select * from tests.refuses($$select pg_temp.said('rest', 'paid', '10:20')$$, 'VALIDATION', 'payment_status_unknown', 'a word that nobody knows');
select * from tests.refuses($$select app_hidden.record_attempt(uuidv7(), 'failed')$$, 'NOT_FOUND', 'payment_attempt_not_found', 'of an attempt that nobody knows');
select tests.clinic('boreal');
select is(app_private.queue_payment_attempt(tests.id('boreal'), tests.issued_invoice(tests.id('boreal'), 100)), null, 'who sends money by bank transfer is not charged');
select * from finish();
rollback;
