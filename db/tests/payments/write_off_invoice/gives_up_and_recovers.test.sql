-- Test: write_off_invoice - what is due is given up with a reason; paid after all, it is recovered; nothing while a vendor is asked. BIL-05.
begin;
select plan(21);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, 1900)), tests.remember('charged', tests.issued_invoice(tests.id('atlas'), 1000));
insert into app_public.payment_attempts (organization_id, invoice_id, position, provider, amount, status, due_at)
values (tests.id('atlas'), tests.id('charged'), 1, 'stripe', 1000, 'queued', app_hidden.now());
select tests.act_as('olga');
select * from tests.refuses($$select app_public.write_off_invoice(tests.id('invoice'), 'Gone')$$, 'FORBIDDEN', 'superadmin_only', 'a clinic gives up nothing');
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('invoice'), 1900, '2027-03-01', 'FT 1');
select * from tests.refuses($$select app_public.write_off_invoice(tests.id('invoice'), 'x')$$, 'VALIDATION', 'reason_missing', 'it says why');
select is((app_public.write_off_invoice(tests.id('invoice'), 'Gone')).status, 'uncollectible', 'given up');
select is(tests.invoice_in_words(tests.id('invoice')), 'uncollectible partially_paid 1900/0', 'with what was paid of it');
select is(array[tests.account_of(tests.id('atlas'), 'write_off'), tests.account_of(tests.id('atlas'), 'receivable')], '{10000,1000}'::bigint[], 'it is owed no more');
select is((select array[amount::text, reason] from app_public.write_offs), '{10000,Gone}', 'and why stands beside it');
select is(tests.events_of(tests.id('invoice')), '{invoice.uncollectible}', 'it is told');
select * from tests.refuses($$select app_public.write_off_invoice(tests.id('invoice'), 'Gone')$$, 'STATE', 'illegal_move', 'once');
select * from tests.refuses($$select app_public.void_invoice(tests.id('invoice'), 'Gone')$$, 'STATE', 'invoice_not_creditable', 'and it is not credited');
select app_public.record_bank_transfer(tests.id('invoice'), 4000, '2027-03-01', 'FT 2');
select is(array[tests.account_of(tests.id('atlas'), 'write_off'), (select recovered_amount from app_public.write_offs)], '{6000,4000}'::bigint[], 'what comes after all is recovered');
select app_public.record_bank_transfer(tests.id('invoice'), 7000, '2027-03-01', 'FT 3');
select is(tests.invoice_in_words(tests.id('invoice')) || ', ' || tests.invoice_in_words(tests.id('charged')), 'paid paid 11900/0, paid paid 1000/0', 'until it is paid; what is more pays the other');
select is((select status from app_public.payment_attempts), 'canceled', 'of which nothing is charged any more');
select is(array[tests.account_of(tests.id('atlas'), 'write_off'), tests.account_of(tests.id('atlas'), 'receivable'), tests.account_of(tests.id('atlas'), 'customer_balance')], '{0,0,0}'::bigint[], 'nothing is owed by anybody');
select tests.remember('early', tests.issued_invoice(tests.id('atlas'), 500, has_document => false));
select * from tests.refuses($$select app_public.write_off_invoice(tests.id('early'), 'Gone')$$, 'STATE', 'invoice_document_missing', 'what is given up is known, tax and all');
select tests.remember('asked', tests.issued_invoice(tests.id('atlas'), 500));
select tests.act_as('the database');
insert into app_public.payment_attempts (organization_id, invoice_id, position, provider, amount, status, due_at)
values (tests.id('atlas'), tests.id('asked'), 1, 'stripe', 500, 'queued', app_hidden.now());
update app_public.payment_attempts set status = 'processing' where invoice_id = tests.id('asked');
select tests.act_as('root');
select * from tests.refuses($$select app_public.write_off_invoice(tests.id('asked'), 'Gone')$$, 'STATE', 'charge_under_way', 'not while a vendor may take it');
select * from finish();
rollback;
