-- Test: tg_invoices__keep, tg_invoice_lines__keep, tg_frozen, tg_guard_state - what is issued is changed by nobody; its state moves on. BIL-02, BIL-07.
begin;
select plan(35);
select tests.clinic('atlas'), tests.bill_tier('Pro', 49900), tests.freeze_time('2027-03-01 00:00+02'), tests.bill_subscription('atlas', 'Pro', '2027-03-01', 1);
select tests.remember('invoice', (tests.bill_open('atlas', 1)).id);
select tests.act_as('the engine');
select told.* from unnest(array['net_amount = 1', 'number = 7', 'series = ''X''', 'currency = ''EUR''', 'due_on = due_on + 1', 'inputs = ''{}''', 'billed_to = ''{}''', 'issued_at = now()', 'usage_position = 5']) as change
cross join lateral tests.refuses(format('update app_public.invoices set %s where id = tests.id(''invoice'')', change), 'IMMUTABLE', 'invoice_is_issued', change) as told;
select tests.act_as('the database');
select * from tests.refuses($$delete from app_public.invoices$$, 'IMMUTABLE', 'never_changed', 'an invoice is not deleted');
select * from tests.refuses($$update app_public.invoice_lines set amount = 1$$, 'IMMUTABLE', 'never_changed', 'a line is not changed');
select * from tests.refuses($$delete from app_public.invoice_lines$$, 'IMMUTABLE', 'never_changed', 'nor deleted');
select * from tests.refuses($$insert into app_public.invoice_lines (organization_id, invoice_id, position, kind, starts_on, ends_on, descriptions, quantity, unit_price, amount)
  values (tests.id('atlas'), tests.id('invoice'), 9, 'plan', '2027-03-01', '2027-04-01', '{}', 1, 1, 1)$$, 'IMMUTABLE', 'invoice_is_issued', 'and none is added');
select * from tests.refuses($$update app_public.period_bills set net_amount = 1$$, 'IMMUTABLE', 'never_changed', 'what a period came to is not changed');
select * from tests.refuses($$update app_private.postings set amount = 1$$, 'IMMUTABLE', 'never_changed', 'nor are postings');
select * from tests.refuses($$update app_public.invoices set status = 'draft', series = null, number = null, issued_at = null$$, 'STATE', 'illegal_move', 'nothing is a draft again');
select lives_ok($$update app_public.invoices set paid_amount = net_amount, payment_state = 'paid', status = 'paid', paid_at = app_hidden.now()$$, 'it is paid');
select * from tests.refuses($$update app_public.invoices set status = 'uncollectible'$$, 'STATE', 'illegal_move', 'and what is paid is not written off');
select * from finish();
rollback;
