-- Test: post, tg_postings__balance, next_number, verify_numbers, set_document_series - what a document posts sums to zero by itself: no other document, kind, currency or clinic makes up for it; each kind of document counts in its own series. BIL-02, BIL-07.
begin;
select plan(16);
select tests.clinic('boreal'), tests.clinic('atlas'), tests.person('sara', superadmin => true);
select tests.remember('one', uuidv7()), tests.remember('two', uuidv7());
create function pg_temp.post(kind text, document text, clinic text, currency text, bank bigint) returns void language sql as $$
  select app_private.post(kind, tests.id(document), tests.id(clinic), currency, jsonb_build_object('bank', bank)) $$;
select lives_ok($$select pg_temp.post('payment', 'one', 'atlas', 'RON', 5), pg_temp.post('payment', 'one', 'atlas', 'RON', -5); set constraints all immediate; set constraints all deferred$$, 'a document that comes to nothing');
select throws_ok($$select pg_temp.post('payment', 'one', 'atlas', 'RON', 5), pg_temp.post($$ || other || $$, -5); set constraints all immediate$$, '23514', null, says)
from (values ($$'payment', 'two', 'atlas', 'RON'$$, 'another document does not make up for it'), ($$'refund', 'one', 'atlas', 'RON'$$, 'nor one of another kind'), ($$'payment', 'one', 'boreal', 'RON'$$, 'nor another clinic''s'), ($$'payment', 'one', 'atlas', 'EUR'$$, 'nor does another currency')) w (other, says);
set constraints all deferred;
select is((select count(*) from app_private.postings), 2::bigint, 'and nothing of it is left');

-- Numbers by kind and series.
create function pg_temp.next(kind text) returns text language sql as $$ select n.number || case when n.series in ('IN', 'CN', 'IN2') then ' ' || n.series else '' end from app_private.next_number(kind) n $$;
select tests.act_as('sara');
select is(app_public.set_document_series('IN') || app_public.set_document_series('CN', true), 'INCN', 'invoices in one series, credit notes in another');
select tests.act_as('the database');
select is(array[pg_temp.next('invoice'), pg_temp.next('invoice'), pg_temp.next('credit_note'), pg_temp.next('invoice')], '{"1 IN","2 IN","1 CN","3 IN"}', 'each counts for itself');
select tests.act_as('sara');
select is(app_public.set_document_series('IN2'), 'IN2', 'another series of invoices');
select tests.act_as('the database');
select is(array[pg_temp.next('invoice'), pg_temp.next('credit_note')], '{"1 IN2","2 CN"}', 'leaves that of the credit notes where it was');
select results_eq($$select series, is_current, next_number from app_private.document_series where series in ('IN', 'IN2', 'CN') order by 1$$, $$values ('CN', true, 3::bigint), ('IN', false, 4), ('IN2', true, 2)$$, 'one of a kind is current');
select tests.act_as('sara');
select is(app_public.set_document_series('IN'), 'IN', 'one that was used before');
select tests.act_as('the database');
select is(pg_temp.next('invoice'), '4 IN', 'goes on where it was');
-- Nobody has any of these numbers but one.
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 100));
select results_eq($$select series, array_agg(missing order by missing) from app_private.verify_numbers() group by 1 order by 1$$, $$values ('CN', '{1,2}'::bigint[]), ('IN', '{1,2,3,4}'), ('IN2', '{1}')$$, 'numbers that no document has are told, and the one that an invoice has is not');
select is((select number from app_public.invoices where id = tests.id('invoice')), 5::bigint, '…');
select is((select count(*) from app_private.verify_numbers() where series = 'IN' and missing > 5), 0::bigint, 'nor one that was not given yet');
select * from finish();
rollback;
