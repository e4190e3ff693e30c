-- Test: weigh_invoice - how an invoice stands is said by its own payments, credit notes and tries, and by the last try that the vendor was asked for; being open again is not told as an end. BIL-05.
begin;
select plan(26);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
create function pg_temp.tries(invoice text, name text) returns void language sql as $$
  select tests.remember(tries.name, (app_private.queue_payment_attempt(tests.id('atlas'), tests.id(invoice))).id)
$$;
create function pg_temp.fails(attempt text) returns void language sql as $$
  select app_hidden.attempt_to_charge(tests.id(attempt));
  select app_hidden.record_attempt(tests.id(attempt), 'failed', 'pi_' || attempt, 'card_declined');
$$;
create function pg_temp.attempt(name text) returns text language sql security definer as $$
  select concat_ws(' ', status, 'ended ' || to_char(settled_at at time zone 'Europe/Bucharest', 'HH24:MI')) from app_public.payment_attempts where id = tests.id(name)
$$;
create function pg_temp.of(invoice text) returns text language sql security definer as $$ select tests.invoice_in_words(tests.id(invoice)) $$;

-- One is paid: a try of it is needless, and tries of others are not.
select tests.remember('one', tests.issued_invoice(tests.id('atlas'), 1000)), tests.remember('two', tests.issued_invoice(tests.id('atlas'), 2000));
select pg_temp.tries('one', 'needless'), pg_temp.tries('two', 'needed');
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('one'), 1000, '2027-03-01', 'FT 1');
select is(pg_temp.attempt('needless'), 'canceled ended 10:00', 'a try for what is paid is called off');
select is(pg_temp.attempt('needed'), 'queued', 'and no other');
select is(pg_temp.of('two'), 'issued unpaid 0/0', 'what waits to be asked for is unpaid');
select tests.act_as('the database');
select app_hidden.attempt_to_charge(tests.id('needed'));
select tests.act_as('root');
select app_public.discount_invoice(tests.id('two'), 2000, 'Promised');
select is(pg_temp.attempt('needed'), 'processing', 'what a vendor was asked for goes on, though nothing is due any more');
select is(pg_temp.of('two'), 'void unpaid 0/2000', 'and the invoice is void');
select tests.act_as('the database');
select is(app_hidden.record_attempt(tests.id('needed'), 'succeeded', 'pi_needed'), 'succeeded', 'the vendor took it all the same');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -2000::bigint, 'which is a balance of the clinic');
select is(pg_temp.of('two'), 'void unpaid 0/2000', 'and pays nothing of what is void');
select is((select count(*)::int from app_public.payment_allocations where invoice_id = tests.id('two')), 0, 'not even a part of nothing');
select is(pg_temp.of('one'), 'paid paid 1000/0', 'nor is another invoice overpaid by it');

-- The last try that the vendor was asked for says how it stands.
select tests.remember('three', tests.issued_invoice(tests.id('atlas'), 9000));
select pg_temp.tries('three', 'first try'), pg_temp.fails('first try');
select is(pg_temp.of('three'), 'issued partially_paid 2000/0', 'a part is paid by the balance, which says more than that a card failed');
select tests.remember('four', tests.issued_invoice(tests.id('atlas'), 3000));
select pg_temp.tries('four', 'second try'), pg_temp.fails('second try');
select is(pg_temp.of('four'), 'issued failed 0/0', 'a card failed');
select pg_temp.tries('four', 'third try');
select app_private.weigh_invoice(tests.id('atlas'), tests.id('four'));
select is(pg_temp.of('four'), 'issued failed 0/0', 'which stands until the vendor is asked again');
select app_hidden.attempt_to_charge(tests.id('third try'));
select is(pg_temp.of('four'), 'issued processing 0/0', 'then it is under way');
select app_private.weigh_invoice(tests.id('atlas'), tests.id('three'));
select is(pg_temp.of('three'), 'issued partially_paid 2000/0', 'and no other invoice is');
select app_hidden.record_attempt(tests.id('third try'), 'canceled');
select is(pg_temp.of('four'), 'issued failed 0/0', 'a try that is called off says nothing');
select tests.act_as('root');
select app_public.write_off_invoice(tests.id('four'), 'Gone');
select is(pg_temp.of('four'), 'uncollectible unpaid 0/0', 'what is given up is unpaid, whatever failed');
select is(pg_temp.of('three'), 'issued partially_paid 2000/0', 'and nothing else is given up');

-- Paid by its net, and then the provider says the tax.
select tests.act_as('the database');
select tests.remember('five', tests.issued_invoice(tests.id('atlas'), 500, has_document => false, due_on => '2027-02-01'));
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('five'), 500, '2027-03-01', 'FT 5');
select tests.act_as('the database');
select isnt((select paid_at from app_public.invoices where id = tests.id('five')), null, 'paid, as of an instant');
select tests.document_of(tests.id('five'), 95);
select app_hidden.settle_invoice(tests.id('five'));
select is(pg_temp.of('five'), 'issued partially_paid 500/0', 'with its tax it is not');
select is((select paid_at from app_public.invoices where id = tests.id('five')), null, 'nor is there an instant');
select is(tests.events_of(tests.id('five')), '{invoice.paid}', 'that it is open again is not told as if it were void');
select is(tests.events_of(tests.id('two')), '{invoice.voided}', 'what is void is');
-- Of nothing, of which nothing was taken off; and of something that was paid to a part.
select tests.remember('nothing', tests.issued_invoice(tests.id('atlas'), 0, lines => '{100,-100}'));
select app_hidden.settle_invoice(tests.id('nothing'));
select is(pg_temp.of('nothing'), 'paid paid 0/0', 'a bill of nothing is paid, and not void');
select tests.remember('half', tests.issued_invoice(tests.id('atlas'), 5000));
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('half'), 3000, '2027-03-01', 'FT 6'), app_public.discount_invoice(tests.id('half'), 2000, 'Promised');
select is(pg_temp.of('half'), 'paid paid 3000/2000', 'what was paid to a part, and of which the rest is taken off, is paid and not void');
select tests.act_as('the database');
create temporary table lay as select tests.rows_of('app_public.invoices') as at;
select app_private.weigh_invoice(tests.id('atlas'), i.id) from app_public.invoices i;
select is(tests.rows_of('app_public.invoices'), (select at from lay), 'weighed again, all of them are as they were, and nothing is written');
select * from finish();
rollback;
