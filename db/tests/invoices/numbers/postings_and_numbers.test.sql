-- Test: next_number, set_document_series, verify_numbers, post, tg_postings__balance - numbers without gaps in the series of the server; the postings of a document sum to zero. BIL-02, BIL-07.
begin;
select plan(22);
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.person('sara', superadmin => true);
select is((select array_agg(n.number) from generate_series(1, 3) as nth, lateral app_private.next_number(case when nth > 0 then 'invoice' end) n), '{1,2,3}', 'numbers follow each other from 1');
select matches((select series from app_private.document_series where kind = 'invoice'), '^RX\d{6}$', 'in a series that the server made up');
select is((select n.number from app_private.next_number('credit_note') n), 1::bigint, 'credit notes count for themselves');
select matches((select series from app_private.document_series where kind = 'credit_note'), '^RXC\d{6}$', 'in another series');
savepoint taken;
select is((select n.number from app_private.next_number('invoice') n), 4::bigint, 'a number that is taken');
rollback to savepoint taken;
select is((select n.number from app_private.next_number('invoice') n), 4::bigint, 'and taken back is taken by the next');
select is((select count(*) from app_private.verify_numbers()), 5::bigint, 'numbers that no document has are told');

select tests.act_as('olga');
select * from tests.refuses($$select app_public.set_document_series('RX27')$$, 'FORBIDDEN', 'superadmin_only', 'a clinic does not number');
select tests.act_as('sara');
select * from tests.refuses($$select app_public.set_document_series('rx 27')$$, 'VALIDATION', 'series_malformed', 'a series is written plainly');
select is(app_public.set_document_series('RX27'), 'RX27', 'a superadmin sets a series');
select tests.act_as('the database');
select is((select (n.series, n.number)::text from app_private.next_number('invoice') n), '(RX27,1)', 'which counts from 1');
select tests.act_as('sara');
select * from tests.refuses($$select app_public.set_document_series('RX27', true)$$, 'CONFLICT', 'series_is_of_another_kind', 'a series is of one kind');
select is(app_public.set_document_series('RX27'), 'RX27', 'set again it is the same');
select tests.act_as('the database');
select is((select (n.series, n.number)::text from app_private.next_number('invoice') n), '(RX27,2)', 'and goes on');

-- Postings: looked at when the transaction ends.
select tests.remember('document', uuidv7());
select lives_ok($$select app_private.post('payment', tests.id('document'), tests.id('atlas'), 'RON', '{"bank": 5, "receivable": -5, "tax": 0}')$$, 'a document posts');
select is((select count(*) from app_private.postings), 2::bigint, 'what is nothing is not posted');
select lives_ok('set constraints all immediate', 'and is balanced');
set constraints all deferred;
select lives_ok($$select app_private.post('payment', tests.id('document'), tests.id('atlas'), 'RON', '{"bank": 5}')$$, 'half of it');
select throws_ok('set constraints all immediate', '23514', null, 'does not end well');
select * from finish();
rollback;
