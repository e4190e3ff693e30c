-- Test: credit_invoice, discount_invoice, void_invoice - a document of its own, bounded by each line and by the invoice; tax in proportion; what was paid beyond is a balance. BIL-05, BIL-08.
begin;
select plan(43);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal');
select tests.remember('other', tests.issued_invoice(tests.id('boreal'), 1000));
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, 1900, lines => '{6000,3000,1000}')),
       tests.remember('waits', tests.issued_invoice(tests.id('atlas'), 1000, has_document => false)),
       tests.remember('small', tests.issued_invoice(tests.id('atlas'), 900, lines => '{1000,-100}'));
select tests.remember(i.name || ' ' || l.position, l.id) from (values ('invoice'), ('other'), ('waits'), ('small')) i (name) join app_public.invoice_lines l on l.invoice_id = tests.id(i.name);
create function pg_temp.lines(variadic said text[]) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('lineId', tests.id(split_part(s, '=', 1)), 'amount', split_part(s, '=', 2)::bigint)) from unnest(said) s
$$;
create function pg_temp.credit(invoice text, lines jsonb) returns text language sql as $$
  select concat_ws(' ', n.number, n.net_amount, n.gross_amount) from app_public.credit_invoice(tests.id(invoice), lines, 'Promised') n
$$;
create function pg_temp.unbalanced() returns bigint language sql security definer as $$
  select count(*) from (select from app_private.postings group by document_kind, document_id having sum(amount) <> 0) p
$$;
create function pg_temp.jobs() returns int language sql security definer as $$ select count(*)::int from graphile_worker.jobs j where j.task_identifier = 'issue_document' $$;
create function pg_temp.problems(variadic said jsonb[]) returns text[] language sql security definer as $$ select array_agg(app_private.credit_lines_problem(l)) from unnest(said) l $$;
create function pg_temp.discount(invoice text, amount bigint) returns text language plpgsql as $$
declare
  v_note app_public.credit_notes := app_public.discount_invoice(tests.id(invoice), amount, 'Promised');
begin
  return concat_ws(' ', v_note.net_amount, v_note.gross_amount, (
    select array_agg(c.amount order by l.position) from app_public.credit_note_lines c join app_public.invoice_lines l on l.id = c.invoice_line_id where c.credit_note_id = v_note.id));
end $$;

select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.credit('invoice', pg_temp.lines('invoice 1=1'))$$, 'FORBIDDEN', 'superadmin_only', 'a clinic credits nothing');
select * from tests.refuses($$select app_public.void_invoice(tests.id('invoice'), 'Promised')$$, 'FORBIDDEN', 'superadmin_only', 'and voids nothing');
select * from tests.refuses($$select pg_temp.discount('invoice', 1)$$, 'FORBIDDEN', 'superadmin_only', 'and takes nothing off');
select tests.act_as('root');
select is(pg_temp.credit('invoice', pg_temp.lines('invoice 1=2000', 'invoice 2=3000')), '1 5000 5950', 'two lines, with their share of the tax');
select is(tests.invoice_in_words(tests.id('invoice')), 'issued unpaid 0/5950', 'are taken off');
select is(pg_temp.credit('invoice', pg_temp.lines('invoice 1=4000')), '2 4000 4760', 'the next number');
select * from tests.refuses($$select pg_temp.credit('invoice', pg_temp.lines('invoice 1=1'))$$, 'CONFLICT', 'credit_exceeds_line', 'no line is credited for more than it is');
select * from tests.refuses($$select pg_temp.credit('invoice', pg_temp.lines('invoice 3=1001'))$$, 'CONFLICT', 'credit_exceeds_line', 'not at once either');
select * from tests.refuses($$select pg_temp.discount('invoice', 1001)$$, 'CONFLICT', 'credit_exceeds_invoice', 'nor the invoice');
select is(tests.account_of(tests.id('atlas'), 'tax'), -190::bigint, 'the tax of what is left');
select is((app_public.void_invoice(tests.id('invoice'), 'Made by mistake')).number, 3::bigint, 'all that is left is taken off by a document, and no number is left out');
select is(tests.invoice_in_words(tests.id('invoice')), 'void unpaid 0/11900', 'it is void');
select is(tests.events_of(tests.id('invoice')), '{invoice.voided}', 'which is told');
select is(pg_temp.unbalanced(), 0::bigint, 'each document moves as much as it takes');
select is(array[tests.account_of(tests.id('atlas'), 'overage_revenue'), tests.account_of(tests.id('atlas'), 'tax')], '{100,0}'::bigint[], 'nothing of it was earned');
select * from tests.refuses($$select pg_temp.discount('invoice', 1)$$, 'STATE', 'invoice_not_creditable', 'what is void stays so');
select is(pg_temp.jobs(), 3, 'each is issued at the provider');

select * from tests.refuses($$select pg_temp.discount('waits', 1)$$, 'STATE', 'invoice_document_missing', 'a credit note names a document, which has to be there');
select * from tests.refuses($$select pg_temp.credit('small', pg_temp.lines('other 1=1'))$$, 'NOT_FOUND', 'invoice_line_not_found', 'a line is of its invoice');
select * from tests.refuses($$select pg_temp.credit('small', pg_temp.lines('small 2=1'))$$, 'CONFLICT', 'credit_exceeds_line', 'what took off already is not taken off');
select * from tests.refuses($$select pg_temp.credit('small', pg_temp.lines('small 1=901'))$$, 'CONFLICT', 'credit_exceeds_invoice', 'lines that add up to more than the invoice');
select * from tests.refuses($$select pg_temp.credit('small', pg_temp.lines('small 1=1', 'small 1=1'))$$, 'VALIDATION', 'credit_lines_wrong', 'each once');
select is(pg_temp.problems('{}', '[]', '[1]', '[{"lineId": "x", "amount": 1}]', '[{"lineId": "0195f3c0-0000-7000-8000-000000000000"}]', '[{"lineId": "0195f3c0-0000-7000-8000-000000000000", "amount": 0}]', '[{"lineId": "0195f3c0-0000-7000-8000-000000000000", "amount": 1.5}]'), array['', '', '/0', '/0', '/0', '/0', '/0'], 'with an id and an amount');
select * from tests.refuses($$select app_public.void_invoice(tests.id('small'), ' ')$$, 'VALIDATION', 'reason_missing', 'and a reason');
select * from tests.refuses($$select app_public.void_invoice(uuidv7(), 'Promised')$$, 'NOT_FOUND', 'invoice_not_found', 'of something');

-- Paid already: what is taken off comes back.
select app_public.record_bank_transfer(tests.id('small'), 900, '2027-03-01', 'FT 1');
select is(pg_temp.discount('small', 300), '300 300 {300}', 'an amount is spread over what is left');
select is(tests.invoice_in_words(tests.id('small')), 'paid overpaid 600/300', 'what was paid beyond it');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -300::bigint, 'is a balance of the clinic');
select is((select applied_amount from app_public.payments where invoice_id = tests.id('small')), 600::bigint, 'of the payment');
select * from finish();
rollback;
