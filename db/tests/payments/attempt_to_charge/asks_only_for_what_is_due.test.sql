-- Test: attempt_to_charge - a vendor is not asked for what a balance pays, is asked of the customer of the invoice's own subscription, and is asked again whatever becomes of the job. BIL-04, BIL-05.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.remember('before', tests.subscribes(tests.id('atlas'), 'stripe'));
select app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_before');
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now(), settle_at = null where id = tests.id('before');
set local session_replication_role = origin;
select tests.subscribes(tests.id('atlas'), 'stripe');
select app_hidden.record_payment_customer(tests.id('atlas'), 'stripe', 'cus_now');

select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 5000));
select tests.remember('attempt', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id('invoice'))).id);
select results_eq(
  $$select invoice_id, provider_customer_id, amount from app_hidden.attempt_to_charge(tests.id('attempt'))$$,
  $$values (tests.id('invoice'), 'cus_now', 5000::bigint)$$, 'the card of the subscription that the invoice is of, and no other');
select results_eq(
  $$select task_identifier, run_at from graphile_worker.jobs where key = 'charge_invoice_again:' || tests.id('attempt')$$,
  $$values ('charge_invoice', '2027-03-01 16:00+02'::timestamptz)$$, 'and once more in six hours, should nobody say the end');

-- A balance arrives between the queue and the vendor; the total is known last, and its own job has not run yet.
select tests.remember('waits', tests.issued_invoice(tests.id('atlas'), 7000, has_document => false));
select tests.remember('needless', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id('waits'))).id);
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('invoice'), 20000, '2027-03-01', 'FT 1');
select tests.act_as('the database');
select is(tests.invoice_in_words(tests.id('waits')), 'issued unpaid 0/0', 'a balance pays what is known');
select tests.document_of(tests.id('waits'), 1330);
select is_empty($$select from app_hidden.attempt_to_charge(tests.id('needless'))$$, 'what the balance pays is not taken from the card as well');
select is(tests.invoice_in_words(tests.id('waits')), 'paid paid 8330/0', 'it is paid');
select is((select status from app_public.payment_attempts where id = tests.id('needless')), 'canceled', 'and the try is called off');
select is_empty($$select from graphile_worker.jobs where key = 'charge_invoice_again:' || tests.id('needless')$$, 'for good');
select is_empty($$select from app_hidden.attempt_to_charge(tests.id('needless'))$$, 'whoever asks later');
select * from finish();
rollback;
