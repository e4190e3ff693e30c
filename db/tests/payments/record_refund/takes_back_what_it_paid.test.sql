-- Test: record_refund, make_balance - a refund that had failed and was made after all takes back what its own payment paid since, the last first, and no more than is missing. BIL-05, BIL-08.
begin;
select plan(15);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
create function pg_temp.pays(name text) returns void language plpgsql as $$
begin
  perform tests.remember(name || ' invoice', tests.issued_invoice(tests.id('atlas'), 10000));
  perform tests.remember(name || ' attempt', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id(name || ' invoice'))).id);
  perform app_hidden.attempt_to_charge(tests.id(name || ' attempt'));
  perform app_hidden.record_attempt(tests.id(name || ' attempt'), 'succeeded', 'pi_' || name);
  perform tests.remember(name, (select p.id from app_public.payments p where p.provider_payment_id = 'pi_' || name));
end $$;
create function pg_temp.said(status text, at text) returns text language sql as $$
  select app_hidden.record_refund(tests.id('refund'), status, 're_1', null, ('2027-03-01 ' || at || '+02')::timestamptz)
$$;
create function pg_temp.of(invoice text) returns text language sql as $$ select tests.invoice_in_words(tests.id(invoice)) $$;
create function pg_temp.parts(payment text) returns bigint[] language sql as $$
  select array_agg(a.amount order by a.invoice_id) from app_public.payment_allocations a where a.payment_id = tests.id(payment)
$$;

select pg_temp.pays('beside'), pg_temp.pays('back');
select tests.act_as('root');
select tests.remember('refund', (app_public.refund_payment(tests.id('back'), 4000, 'Promised')).id);
select tests.act_as('the database');
select pg_temp.said('failed', '10:01');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -4000::bigint, 'it did not go back: a balance');
select tests.remember('small', tests.issued_invoice(tests.id('atlas'), 1000)), app_hidden.settle_invoice(tests.id('small'));
select tests.remember('large', tests.issued_invoice(tests.id('atlas'), 2500)), app_hidden.settle_invoice(tests.id('large'));
select is(pg_temp.of('small') || ', ' || pg_temp.of('large'), 'paid paid 1000/0, paid paid 2500/0', 'pays what is due');
select is(pg_temp.parts('back'), '{6000,1000,2500}'::bigint[], 'of the one payment');
select is(pg_temp.of('back invoice'), 'paid overpaid 6000/4000', 'of which some is left');
select tests.remember('after', tests.issued_invoice(tests.id('atlas'), 900));
select app_hidden.settle_invoice(tests.id('after'));
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('after'), 400, '2027-03-01', 'FT 1');
select tests.act_as('the database');
select is(pg_temp.of('after'), 'paid paid 900/0', 'what is due later is paid by the rest, and by a transfer');
select tests.remember('other', tests.issued_invoice(tests.id('atlas'), 700));
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('other'), 700, '2027-03-01', 'FT 2');
select tests.act_as('the database');
select is(pg_temp.said('succeeded', '10:02'), 'succeeded', 'it went back after all');
select is(pg_temp.parts('back'), '{6000,0,0,0}'::bigint[], 'so it pays no more than what had stayed');
select is(pg_temp.of('small') || ', ' || pg_temp.of('large') || ', ' || pg_temp.of('after'), 'issued unpaid 0/0, issued unpaid 0/0, issued partially_paid 400/0', 'what it had paid is due again');
select is(pg_temp.of('other'), 'paid paid 700/0', 'what another payment paid stays paid');
select is(pg_temp.parts('beside') || array(select amount - applied_amount from app_public.payments where id = tests.id('beside')), '{10000,0}'::bigint[], 'another payment is as it was');
select is(pg_temp.of('beside invoice') || ', ' || pg_temp.of('back invoice'), 'paid paid 10000/0, paid paid 6000/4000', 'and so is what it pays');
select is(array[tests.account_of(tests.id('atlas'), 'customer_balance'), tests.account_of(tests.id('atlas'), 'receivable'), tests.account_of(tests.id('atlas'), 'card')], '{0,4000,16000}'::bigint[], 'in the books as well');

-- More of the payment is a balance than the refund needs.
select tests.act_as('root');
select app_public.discount_invoice(tests.id('beside invoice'), 1000, 'Promised');
select tests.remember('refund', (app_public.refund_payment(tests.id('beside'), 500, 'Promised')).id);
select tests.act_as('the database');
select pg_temp.said('failed', '10:03');
select tests.act_as('root');
select app_public.discount_invoice(tests.id('beside invoice'), 4000, 'Promised');
select tests.act_as('the database');
select is((select amount - applied_amount - refunded_amount from app_public.payments where id = tests.id('beside')) > 500, true, 'more is left than goes back');
create temporary table paid as select id, paid_amount from app_public.invoices;
select is(pg_temp.said('succeeded', '10:04'), 'succeeded', 'which goes back after all');
select is_empty($$select from app_public.invoices i join paid p using (id) where i.paid_amount <> p.paid_amount$$, 'and what is left pays nothing that is not due');
select * from finish();
rollback;
