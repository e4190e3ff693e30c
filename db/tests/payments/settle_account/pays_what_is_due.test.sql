-- Test: settle_account, settle_payment, free_payments - a balance pays what is due in its currency, the invoice that is due first out of the payment that came first; what is taken off frees the payment that came last. BIL-05, BIL-07.
begin;
select plan(22);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.remember('theirs', tests.issued_invoice(tests.id('boreal'), 1000));
select tests.clinic('atlas');
select tests.remember('euro', tests.subscribes(tests.id('atlas'), 'manual', 'EUR'));
select tests.remember('in euro', tests.issued_invoice(tests.id('atlas'), 1000));
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now(), settle_at = null where id = tests.id('euro');
set local session_replication_role = origin;
select tests.subscribes(tests.id('atlas'), 'manual', 'RON');
create function pg_temp.of(invoice text) returns text language sql security definer as $$ select tests.invoice_in_words(tests.id(invoice)) $$;
create function pg_temp.pay(invoice text, amount bigint, reference text) returns void language sql as $$
  select tests.remember(reference, (app_public.record_bank_transfer(tests.id(invoice), amount, '2027-03-01', reference)).id)
$$;
create function pg_temp.applied(payment text) returns text language sql security definer as $$
  select p.applied_amount || ' of ' || p.amount || ' ' || p.currency from app_public.payments p where p.id = tests.id(payment)
$$;

select tests.remember('first', tests.issued_invoice(tests.id('atlas'), 1000));
select tests.act_as('root');
select pg_temp.pay('first', 1300, 'FT 1'), pg_temp.pay('first', 400, 'FT 2');
select is(pg_temp.applied('FT 1'), '1000 of 1300 RON', 'a payment of more than is due');
select is(pg_temp.applied('FT 2'), '0 of 400 RON', 'and one of what is paid already');
select is(pg_temp.of('in euro'), 'issued unpaid 0/0', 'pay nothing in another currency');
select is(pg_temp.of('theirs'), 'issued unpaid 0/0', 'nor of another clinic');

select tests.act_as('the database');
select tests.remember('later', tests.issued_invoice(tests.id('atlas'), 500, due_on => '2027-04-01')), tests.remember('sooner', tests.issued_invoice(tests.id('atlas'), 600, due_on => '2027-03-20'));
select app_hidden.settle_invoice(tests.id('later'));
select is(pg_temp.of('sooner') || ', ' || pg_temp.of('later'), 'paid paid 600/0, issued partially_paid 100/0', 'what is due first is paid first');
select is(pg_temp.applied('FT 1') || ', ' || pg_temp.applied('FT 2'), '1300 of 1300 RON, 400 of 400 RON', 'out of both');
select is(
  (select array_agg(a.amount order by a.payment_id, a.invoice_id) from app_public.payment_allocations a where a.invoice_id in (tests.id('sooner'), tests.id('later')) and a.amount <> 0),
  '{300,100,300}'::bigint[], 'the payment that came first before the other');
select is(pg_temp.of('first'), 'paid paid 1000/0', 'and the first is over-paid no longer');
select is(tests.events_of(tests.id('first')), '{invoice.paid}', 'that it is paid was told once');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), 0::bigint, 'no coin is left, and none was spent twice');

-- Two payments of one invoice; a part is taken off it.
select tests.remember('two parts', tests.issued_invoice(tests.id('atlas'), 2000, due_on => '2027-05-01'));
select tests.act_as('root');
select pg_temp.pay('two parts', 1200, 'FT 3'), pg_temp.pay('two parts', 800, 'FT 4'), pg_temp.pay('in euro', 1000, 'FT 5');
select is(pg_temp.of('in euro'), 'paid paid 1000/0', 'what is in another currency is paid in it');
select app_public.discount_invoice(tests.id('two parts'), 300, 'Promised');
select is(pg_temp.applied('FT 3'), '1200 of 1200 RON', 'the payment that came first stays');
select is((select array_agg(a.invoice_id || ' ' || a.amount order by a.amount) from app_public.payment_allocations a where a.payment_id = tests.id('FT 4')),
  array[tests.id('later') || ' 300', tests.id('two parts') || ' 500'], 'the last one is freed, and pays what else is due');
select app_public.discount_invoice(tests.id('two parts'), 900, 'Promised');
select is(pg_temp.applied('FT 3') || ', ' || pg_temp.applied('FT 4'), '900 of 1200 RON, 300 of 800 RON', 'then the one before it as well, of which a part pays what else is due');
select is(tests.account_of(tests.id('atlas'), 'receivable'), 0::bigint, 'nothing is due');
select is(pg_temp.applied('FT 5'), '1000 of 1000 EUR', 'and the other currency is as it was');
select is(pg_temp.of('two parts'), 'paid overpaid 800/1200', 'the invoice is over-paid by what was freed');

-- Of two payments with a balance the first is enough.
select tests.act_as('the database');
select tests.remember('small', tests.issued_invoice(tests.id('atlas'), 100));
select app_hidden.settle_invoice(tests.id('small'));
select is((select array_agg(a.payment_id || ' ' || a.amount) from app_public.payment_allocations a where a.invoice_id = tests.id('small')), array[tests.id('FT 3') || ' 100'], 'one payment pays it, and no other has a part of nothing');

-- A vendor that names a payment of another invoice.
select tests.act_as('the database');
select is((app_private.settle_payment(tests.id('atlas'), tests.id('two parts'), 'stripe', 'card', 'pi_1', 10, '2027-03-01')).amount, 10::bigint, 'a card paid');
select app_private.settle_payment(tests.id('atlas'), tests.id('two parts'), 'stripe', 'card', 'pi_1', 10, '2027-03-01');
select ok(not 'payment.contradicted' = any (tests.events_of(tests.id('two parts'))), 'the same again is the same');
select app_private.settle_payment(tests.id('atlas'), tests.id('two parts'), 'stripe', 'card', 'pi_1', 11, '2027-03-01'), app_private.settle_payment(tests.id('boreal'), tests.id('theirs'), 'stripe', 'card', 'pi_1', 10, '2027-03-01');
select is(tests.events_of(tests.id('theirs')), '{payment.contradicted}', 'one id for another invoice, or another amount, is told');
select is((select count(*)::int from app_public.payments where provider_payment_id = 'pi_1'), 1, 'and is no second payment');
select * from finish();
rollback;
