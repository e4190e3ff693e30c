-- Test: record_refund, make_balance - what a refund takes back from a bill of the next subscription, that subscription owes again. BIL-05, BIL-08.
begin;
select plan(3);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.remember('before', tests.subscribes(tests.id('atlas'), 'stripe'));
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000));
select tests.remember('attempt', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id('invoice'))).id);
select app_hidden.attempt_to_charge(tests.id('attempt')), app_hidden.record_attempt(tests.id('attempt'), 'succeeded', 'pi_1');
select tests.remember('payment', id) from app_public.payments;
select tests.act_as('root');
select tests.remember('refund', (app_public.refund_payment(tests.id('payment'), 4000, 'Promised')).id);
select tests.act_as('the database');
select app_hidden.record_refund(tests.id('refund'), 'failed', 're_1', null, '2027-03-01 10:01+02');
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now(), settle_at = null where id = tests.id('before');
set local session_replication_role = origin;
select tests.remember('now', tests.subscribes(tests.id('atlas'), 'stripe'));
select tests.remember('next', tests.issued_invoice(tests.id('atlas'), 1000, due_on => '2027-02-20')), app_hidden.settle_invoice(tests.id('next'));
create function pg_temp.stands() returns text language sql as $$
  select s.status || ', ' || tests.invoice_in_words(tests.id('next')) from app_public.organization_subscriptions s where s.id = tests.id('now')
$$;

select is(pg_temp.stands(), 'active, paid paid 1000/0', 'the balance pays a bill that is overdue');
select is(app_hidden.record_refund(tests.id('refund'), 'succeeded', 're_1', null, '2027-03-01 10:02+02'), 'succeeded', 'the refund went back after all');
select is(pg_temp.stands(), 'past_due, issued unpaid 0/0', 'the bill is overdue again, which its subscription knows at once');
select * from finish();
rollback;
