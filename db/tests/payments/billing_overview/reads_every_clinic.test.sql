-- Test: billing_overview - every clinic that subscribes, what it owes and since when, in pages; superadmins only. Its payments, credit notes and refunds a clinic reads itself. BIL-06, BIL-08.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.staff('otto', 'owner');
select tests.remember('theirs', tests.issued_invoice(tests.id('boreal'), 3000));
select tests.clinic('cetus');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.remember('old', tests.issued_invoice(tests.id('atlas'), 10000, due_on => '2027-02-20')), tests.remember('new', tests.issued_invoice(tests.id('atlas'), 2000, due_on => '2027-03-01')),
       tests.remember('paid', tests.issued_invoice(tests.id('atlas'), 500));
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('theirs'), 3700, '2027-03-01', 'FT 1', 'By telephone'), app_public.record_bank_transfer(tests.id('old'), 1000, '2027-03-01', 'FT 2'), app_public.write_off_invoice(tests.id('paid'), 'A promise');
select app_public.refund_payment(p.id, 3100, 'Asked for it') from app_public.payments p where p.invoice_id = tests.id('theirs');

select results_eq(
  $$select organization_name, status, currency, unpaid_amount, balance_amount, overdue_since, next_bill_on from app_public.billing_overview()$$,
  $$values ('Boreal', 'active', 'RON', 0::bigint, 0::bigint, null::date, '2027-03-31'::date), ('Atlas', 'past_due', 'RON', 11000, 0, '2027-02-20', '2027-05-30')$$,
  'who subscribes, and how it stands');
select ok((select bool_and(tier_slug ~ '^[a-z]') from app_public.billing_overview()), 'with its tier');
select results_eq($$select organization_name from app_public.billing_overview(only_unpaid => true)$$, $$values ('Atlas')$$, 'or who owes');
select results_eq($$select organization_name from app_public.billing_overview(up_to => 1)$$, $$values ('Boreal')$$, 'a page');
select results_eq($$select organization_name from app_public.billing_overview(tests.id('boreal'), 1)$$, $$values ('Atlas')$$, 'and the next');
select is_empty($$select from app_public.billing_overview(tests.id('atlas'), 1)$$, 'to the last');
select * from tests.refuses($$select app_public.billing_overview(up_to => 101)$$, 'VALIDATION', 'page_out_of_range', 'no more than a page');
select * from tests.refuses($$select app_public.billing_overview(up_to => 0)$$, 'VALIDATION', 'page_out_of_range', 'nor less');
select is((select count(*)::int from app_public.write_offs), 1, 'what was given up superadmins read');

select tests.act_as('otto');
select * from tests.refuses($$select app_public.billing_overview()$$, 'FORBIDDEN', 'superadmin_only', 'a clinic reads only its own');
select results_eq($$select reference, amount, applied_amount, refunded_amount from app_public.payments$$, $$values ('FT 1', 3700::bigint, 600::bigint, 3100::bigint)$$, 'what it paid');
select throws_ok('select note from app_public.payments', '42501', null, 'without the platform''s note');
select results_eq($$select n.net_amount, l.amount from app_public.credit_notes n join app_public.credit_note_lines l on l.credit_note_id = n.id$$, $$values (2400::bigint, 2400::bigint)$$, 'what was taken off');
select results_eq($$select amount, status from app_public.refunds$$, $$values (3100::bigint, 'succeeded')$$, 'what came back');
select results_eq($$select invoice_id, amount from app_public.payment_allocations$$, $$values (tests.id('theirs'), 600::bigint)$$, 'and what it pays');
select is((select count(*)::int from app_public.write_offs), 0, 'but not what was given up');
select tests.act_as('flavia');
select is(array[(select count(*) from app_public.payments), (select count(*) from app_public.credit_notes), (select count(*) from app_public.refunds)], '{0,0,0}', 'who has nothing to do with bills reads none');
select * from finish();
rollback;
