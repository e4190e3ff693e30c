-- Test: documents_to_check, record_tax_state, warn_of_tax_deadlines - what the tax office said of the upload that counts; told before the deadline, once. BIL-04.
begin;
select plan(36);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.remember('first', tests.issued_invoice(tests.id('atlas'), 10000)), tests.remember('second', tests.issued_invoice(tests.id('atlas'), 2000)), tests.remember('abroad', tests.issued_invoice(tests.id('atlas'), 2000)), tests.remember('made', tests.issued_invoice(tests.id('atlas'), 2000, has_document => false));
update app_public.invoices set tax_state = 'queued', tax_deadline_on = app_private.tax_deadline('RO', '2027-03-01') where id <> tests.id('abroad');
update app_public.invoices set tax_deadline_on = '2027-03-05' where id = tests.id('second');
create function pg_temp.said(name text, state text, upload text default null, error text default null) returns text language sql as $$
  select app_hidden.record_tax_state('invoice', tests.id(name), state, upload, error)
$$;
create function pg_temp.invoice(name text) returns text language sql as $$ select concat_ws(' ', tax_state, tax_upload_id, tax_error) from app_public.invoices where id = tests.id(name) $$;

select results_eq($$select id, tax_state, tax_deadline_on from app_hidden.documents_to_check()$$, $$values (tests.id('second'), 'queued', '2027-03-05'::date), (tests.id('first'), 'queued', '2027-03-08')$$, 'what was issued, the nearest deadline first');
select is((select count(*)::int from app_hidden.documents_to_check(1)), 1, 'up to so many');
select is(pg_temp.said('first', 'sent', '501'), 'sent', 'sent');
select is(pg_temp.invoice('first'), 'sent 501', 'as this upload');
select is((select tax_sent_at from app_public.invoices where id = tests.id('first')), '2027-03-01 10:00+02'::timestamptz, 'now');
select results_eq($$select id from app_hidden.documents_to_check()$$, $$values (tests.id('second'))$$, 'the office was just asked about it');
select is(pg_temp.said('first', 'queued'), 'sent', 'what is sent is not to be sent');
select is(pg_temp.said('first', 'unknown', '501', 'timeout'), 'unknown', 'nobody knows');
select is(pg_temp.said('first', 'rejected', '501', 'BR-CO-15'), 'rejected', 'rejected');
select is(pg_temp.invoice('first'), 'rejected 501 BR-CO-15', 'and why');
select is(pg_temp.said('first', 'rejected', '501', 'BR-CO-15'), 'rejected', 'told twice');
select is(tests.events_of(tests.id('first')), '{invoice.tax_rejected}', 'which is told once');
select is(pg_temp.said('first', 'sent', '501'), 'rejected', 'that it was sent is older');
select is(pg_temp.said('first', 'unknown'), 'rejected', 'and somebody knows');
select is(pg_temp.said('first', 'sent', '502'), 'sent', 'sent again, as another upload');
select is(pg_temp.said('first', 'rejected', '501', 'late'), 'sent', 'what is said of the one before says nothing of this');
select is(pg_temp.invoice('first'), 'sent 502', 'so it stays');
select is(pg_temp.said('first', 'accepted', '502'), 'accepted', 'accepted');
select is(pg_temp.said('first', 'rejected', '502', 'no'), 'accepted', 'stays accepted');
select is(pg_temp.said('first', 'sent', '503'), 'accepted', 'whatever is sent');
select is(pg_temp.invoice('first'), 'accepted 502', 'as that upload');
select is(pg_temp.said('made', 'sent', '77'), 'sent', 'an invoice that is rejected');
select is(pg_temp.said('made', 'rejected', '77'), 'rejected', 'once');
select is(pg_temp.said('made', 'queued'), 'queued', 'may be sent again');

select is(app_hidden.warn_of_tax_deadlines(), 0, 'four working days before nobody is told');
select tests.freeze_time('2027-03-03 02:30+02');
select is(app_hidden.warn_of_tax_deadlines(), 1, 'two working days before somebody is');
select is(tests.events_of(tests.id('second')), '{invoice.tax_deadline_near}', 'of what is near');
select is(app_hidden.warn_of_tax_deadlines(), 0, 'once');
select tests.freeze_time('2027-03-06 10:00+02');
select is(app_hidden.warn_of_tax_deadlines(), 1, 'a weekend is no time to send: what is not accepted is told before it');
select is(tests.events_of(tests.id('first')), '{invoice.tax_rejected}', 'what is accepted is not');

select * from tests.refuses($$select pg_temp.said('abroad', 'sent', '9')$$, 'STATE', 'invoice_not_for_tax_office', 'what the tax office does not take');
select * from tests.refuses($$select pg_temp.said('second', 'read')$$, 'VALIDATION', 'tax_state_unknown', 'a word that nobody knows');
select * from tests.refuses($$select app_hidden.record_tax_state('invoice', uuidv7(), 'sent')$$, 'NOT_FOUND', 'invoice_not_found', 'of an invoice that nobody knows');
select * from finish();
rollback;
