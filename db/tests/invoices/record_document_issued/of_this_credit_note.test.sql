-- Test: record_document_issued, record_document_failed - what the provider answers of a credit note is kept with that one, once; a total that is not what was promised is told, and what is not there is not. BIL-03, BIL-08.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 10:00+02'), tests.person('root', superadmin => true), tests.clinic('atlas');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, 1900));
select tests.remember('line', id) from app_public.invoice_lines;
create function pg_temp.credit(amount bigint) returns uuid language sql as $$
  select (app_public.credit_invoice(tests.id('invoice'), jsonb_build_array(jsonb_build_object('lineId', tests.id('line'), 'amount', amount)), 'Promised')).id $$;
create function pg_temp.state(note text) returns text language sql security definer as $$
  select concat_ws(' ', n.provider_state, n.provider_document_number, n.tax_amount, n.total_amount, n.provider_error) from app_public.credit_notes n where n.id = tests.id(note) $$;
select tests.act_as('root');
select tests.remember('note', pg_temp.credit(1000)), tests.remember('other', pg_temp.credit(300)), tests.remember('third', pg_temp.credit(500));

select tests.act_as('the worker');
select lives_ok($$select app_hidden.record_document_failed('credit_note', tests.id('note'), 'bad address', false)$$, 'the provider refuses a credit note');
select is(pg_temp.state('note'), 'failed bad address', 'which is kept');
select is(pg_temp.state('other'), 'queued', 'of that one only');
select lives_ok($$select app_hidden.record_document_failed('credit_note', uuidv7(), 'bad address', false)$$, 'of one that is not there');
select is(pg_temp.state('other'), 'queued', 'nothing is kept');
select ok(app_hidden.record_document_issued('credit_note', tests.id('note'), 'c-1', 'FGO 1', null, -190, -1190), 'it is issued');
select is(pg_temp.state('note'), 'issued FGO 1 -190 -1190', 'with number, tax and total as they came, and no error any more');
select is(pg_temp.state('other'), 'queued', 'another note is not issued by that');
select ok(not app_hidden.record_document_issued('credit_note', tests.id('note'), 'c-9', 'FGO 9', null, -1, -2), 'said again it is answered that it was known');
select is(pg_temp.state('note'), 'issued FGO 1 -190 -1190', 'and nothing changes');
select lives_ok($$select app_hidden.record_document_failed('credit_note', tests.id('note'), 'timeout', true)$$, 'a failure that comes after it');
select is(pg_temp.state('note'), 'issued FGO 1 -190 -1190', 'changes nothing either');
select ok(not app_hidden.record_document_issued('credit_note', uuidv7(), 'c-2', 'FGO 2', null, 0, 0), 'of a credit note that is not there nothing is kept');
select ok(not app_hidden.record_document_issued('invoice', uuidv7(), 'p-2', 'FGO 2', null, 0, 0), 'nor of such an invoice');
select ok(app_hidden.record_document_issued('credit_note', tests.id('other'), 'c-3', 'FGO 3', null, -57, -358), 'a total that is not what was promised');
select is(pg_temp.state('other'), 'issued FGO 3 -57 -358', 'is kept as it came');

select tests.act_as('the database');
select is(tests.events_of(tests.id('other')), '{credit_note.issued,credit_note.total_differs}', 'and told');
select is(tests.events_of(tests.id('note')), '{credit_note.issued,invoice.document_failed}', 'one that is as promised is not; its one failure was');
select is((select count(*) from app_private.events where name in ('invoice.document_failed', 'credit_note.total_differs')), 2::bigint, 'of what is not there nobody is told');
select * from finish();
rollback;
