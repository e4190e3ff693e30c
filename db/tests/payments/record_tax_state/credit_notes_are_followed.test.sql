-- Test: documents_to_check, record_tax_state, warn_of_tax_deadlines, tax_uploads_of - a credit note goes to the tax office where its invoice went, and is followed by the same steps. BIL-04, BIL-08.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 23:30+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.remember('bill', tests.issued_invoice(tests.id('atlas'), 10000, 2100)), tests.remember('abroad', tests.issued_invoice(tests.id('atlas'), 10000));
update app_public.invoices set tax_state = 'accepted' where id = tests.id('bill');
select tests.act_as('root');
select tests.remember('note', (app_public.discount_invoice(tests.id('bill'), 1000, 'Promised')).id), tests.remember('other', (app_public.discount_invoice(tests.id('abroad'), 1000, 'Promised')).id);
reset role;
create function pg_temp.said(state text, upload text default null, error text default null) returns text language sql as $$
  select app_hidden.record_tax_state('credit_note', tests.id('note'), state, upload, error)
$$;
create function pg_temp.note() returns text language sql as $$ select concat_ws(' ', tax_state, tax_upload_id, tax_error) from app_public.credit_notes where id = tests.id('note') $$;

select is(pg_temp.note(), 'queued', 'it is to be sent as its invoice was');
select is((select tax_deadline_on from app_public.credit_notes where id = tests.id('note')), app_private.tax_deadline('RO', '2027-03-01'), 'within the days of its own day, by the clinic''s calendar');
select is((select tax_state from app_public.credit_notes where id = tests.id('other')), 'not_applicable', 'where the invoice did not go, it does not either');
select is_empty('select from app_hidden.documents_to_check()', 'nobody is asked before it is issued');
select app_hidden.record_document_issued('credit_note', tests.id('note'), 'doc', 'RX 044', null, -210, -1210);
select results_eq('select kind, id, tax_state from app_hidden.documents_to_check()', $$values ('credit_note', tests.id('note'), 'queued')$$, 'then it is');
select is(pg_temp.said('sent'), 'sent', 'sent');
select is_empty('select from app_hidden.documents_to_check()', 'the office was just asked about it');
select app_hidden.record_tax_message('anaf', '1', '801', 'rx044');
select results_eq($$select document_id, upload_id from app_hidden.tax_uploads_of(array[tests.id('note'), tests.id('bill')])$$, $$values (tests.id('note'), '801')$$, 'its upload is found by its number');
select is(pg_temp.said('rejected', '801', 'BR-CO-15'), 'rejected', 'rejected');
select is(pg_temp.note(), 'rejected 801 BR-CO-15', 'and why');
select pg_temp.said('rejected', '801', 'BR-CO-15');
select is((select count(*)::int from app_private.events where subject_id = tests.id('note') and name = 'credit_note.tax_rejected'), 1, 'which is told once');
select is((select payload from app_private.events where subject_id = tests.id('note') and name = 'credit_note.tax_rejected'), jsonb_build_object('creditNoteId', tests.id('note'), 'invoiceId', tests.id('bill')), 'with its invoice');
select is(pg_temp.said('queued'), 'queued', 'what is rejected may be sent again');
select is(pg_temp.said('unknown', '801', 'no answer'), 'unknown', 'nobody knows');

select is(app_hidden.warn_of_tax_deadlines(), 0, 'five working days before nobody is told');
select tests.freeze_time('2027-03-06 10:00+02');
select is(app_hidden.warn_of_tax_deadlines(), 1, 'two working days before somebody is');
select is(app_hidden.warn_of_tax_deadlines(), 0, 'once');
select is((select payload from app_private.events where subject_id = tests.id('note') and name = 'credit_note.tax_deadline_near'), jsonb_build_object('creditNoteId', tests.id('note'), 'invoiceId', tests.id('bill')), 'of the credit note');
select is(pg_temp.said('accepted', '802'), 'accepted', 'accepted');
select is(pg_temp.said('rejected', '802', 'no'), 'accepted', 'stays accepted');
select is(pg_temp.note(), 'accepted 802', 'as that upload');
select is((select tax_state from app_public.invoices where id = tests.id('bill')), 'accepted', 'and nothing of that is the invoice''s');
select * from tests.refuses($$select app_hidden.record_tax_state('credit_note', tests.id('other'), 'sent')$$, 'STATE', 'invoice_not_for_tax_office', 'what the tax office does not take');
select * from finish();
rollback;
