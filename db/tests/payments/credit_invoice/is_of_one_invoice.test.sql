-- Test: credit_invoice, discount_invoice, void_invoice, issue_credit_note - what was taken off one invoice bounds that one alone; nothing is void while a vendor may take its money. BIL-05, BIL-08.
begin;
select plan(32);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
select tests.remember('one', tests.issued_invoice(tests.id('atlas'), 1000, 190, lines => '{600,400}')), tests.remember('two', tests.issued_invoice(tests.id('atlas'), 1000, 190, lines => '{600,400}')),
       tests.remember('asked', tests.issued_invoice(tests.id('atlas'), 500));
select tests.remember(i.name || ' ' || l.position, l.id) from (values ('one'), ('two'), ('asked')) i (name) join app_public.invoice_lines l on l.invoice_id = tests.id(i.name);
select tests.remember('try', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id('asked'))).id);
select app_hidden.attempt_to_charge(tests.id('try'));
create function pg_temp.credit(invoice text, line text, amount bigint) returns text language sql as $$
  select concat_ws(' ', n.net_amount, n.gross_amount) from app_public.credit_invoice(tests.id(invoice), jsonb_build_array(jsonb_build_object('lineId', tests.id(line), 'amount', amount)), 'Promised') n
$$;
create function pg_temp.discount(invoice text, amount bigint) returns text language sql as $$
  select concat_ws(' ', n.net_amount, n.gross_amount) from app_public.discount_invoice(tests.id(invoice), amount, 'Promised') n
$$;
create function pg_temp.void(invoice text) returns text language sql as $$
  select concat_ws(' ', n.net_amount, n.gross_amount) from app_public.void_invoice(tests.id(invoice), 'Promised') n
$$;
create function pg_temp.of(invoice text) returns text language sql security definer as $$ select tests.invoice_in_words(tests.id(invoice)) $$;
create function pg_temp.lines_of(invoice text) returns text language sql security definer as $$
  select string_agg(concat_ws(':', n.number, l.position, c.amount), ' ' order by n.number, l.position) from app_public.credit_notes n join app_public.credit_note_lines c on c.credit_note_id = n.id join app_public.invoice_lines l on l.id = c.invoice_line_id where n.invoice_id = tests.id(invoice)
$$;
create function pg_temp.account(name text) returns bigint language sql security definer as $$ select tests.account_of(tests.id('atlas'), name) $$;

select tests.act_as('root');
select is(pg_temp.credit('one', 'one 1', 600), '600 714', 'a line as a whole');
select is(pg_temp.of('two'), 'issued unpaid 0/0', 'of one invoice');
select is(array[pg_temp.account('plan_revenue'), pg_temp.account('overage_revenue')], '{-1100,-800}'::bigint[], 'out of what that line was');
select is(pg_temp.credit('two', 'two 1', 600), '600 714', 'the same line of another is all there');
select is(pg_temp.discount('two', 400), '400 476', 'and the rest of it, to the last coin');
select is(pg_temp.lines_of('two'), '2:1:600 3:2:400', 'of which no line is taken off that has nothing left');
select is(pg_temp.of('two'), 'void unpaid 0/1190', 'all of it is taken off');
select is(pg_temp.of('one'), 'issued unpaid 0/714', 'and of the other what was');
select * from tests.refuses($$select pg_temp.discount('one', 0)$$, 'VALIDATION', 'sum_out_of_range', 'nothing is no discount');
select * from tests.refuses($$select pg_temp.discount('one', 100000000001)$$, 'VALIDATION', 'sum_out_of_range', 'nor more than there can be');
select * from tests.refuses($$select pg_temp.discount('one', 100000000000)$$, 'CONFLICT', 'credit_exceeds_invoice', 'or than there is');
select * from tests.refuses($$select pg_temp.credit('one', 'two 1', 1)$$, 'NOT_FOUND', 'invoice_line_not_found', 'a line of another invoice of the clinic is not of this one');

select tests.act_as('the database');
select is((select app_private.credit_lines_problem(jsonb_agg('{}'::jsonb)) from generate_series(1, 500)), '/0', 'of five hundred lines the one that is wrong is named');
select is((select app_private.credit_lines_problem(jsonb_agg('{}'::jsonb)) from generate_series(1, 501)), '', 'more there are not');
select tests.act_as('root');

-- A vendor may be taking its money.
select * from tests.refuses($$select pg_temp.void('asked')$$, 'STATE', 'charge_under_way', 'while a vendor is asked nothing is void');
select is(pg_temp.void('one'), '400 476', 'which does not hold for another invoice');
select tests.act_as('the database');
select app_hidden.record_attempt(tests.id('try'), 'unknown');
select tests.act_as('root');
select * from tests.refuses($$select pg_temp.void('asked')$$, 'STATE', 'charge_under_way', 'nor while nobody knows what the vendor did');
select tests.act_as('the database');
select app_hidden.record_attempt(tests.id('try'), 'failed', 'pi_1', 'card_declined');
select tests.remember('waits', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id('asked'))).id);
select tests.act_as('root');
select is(pg_temp.void('asked'), '500 500', 'what is only to be asked for is void');
select is(pg_temp.of('asked'), 'void unpaid 0/500', 'whatever failed before');
select is((select status from app_public.payment_attempts where id = tests.id('waits')), 'canceled', 'and asked for no more');

-- Paid, then taken off as a whole: it was paid, and all of it is a balance.
select tests.act_as('the database');
select tests.remember('paid', tests.issued_invoice(tests.id('atlas'), 800));
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('paid'), 800, '2027-03-01', 'FT 1');
select is(pg_temp.void('paid'), '800 800', 'what is paid is taken off as well');
select is(pg_temp.of('paid') || ' ' || pg_temp.account('customer_balance'), 'paid overpaid 0/800 -800', 'and is a balance');
select * from tests.refuses($$select pg_temp.void('paid')$$, 'CONFLICT', 'credit_exceeds_invoice', 'once');
select is(pg_temp.account('receivable'), 0::bigint, 'nobody owes anything');
select is(pg_temp.account('tax'), 0::bigint, 'nor tax');
select * from finish();
rollback;
