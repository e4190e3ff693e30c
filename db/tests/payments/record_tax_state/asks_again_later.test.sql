-- Test: documents_to_check, record_tax_state - the tax office is asked about an invoice again after a quarter of an hour; one word is about one invoice, and says when it was sent only if it was. BIL-04.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.remember('first', tests.issued_invoice(tests.id('atlas'), 10000)), tests.remember('second', tests.issued_invoice(tests.id('atlas'), 2000));
update app_public.invoices set tax_state = 'queued', tax_deadline_on = '2027-03-08' where id = tests.id('first');
update app_public.invoices set tax_state = 'queued', tax_deadline_on = '2027-03-09' where id = tests.id('second');
create function pg_temp.asked() returns uuid[] language sql as $$ select coalesce(array_agg(id order by tax_deadline_on), '{}') from app_hidden.documents_to_check() $$;
create function pg_temp.sent_at(name text) returns text language sql as $$
  select to_char(tax_sent_at at time zone 'Europe/Bucharest', 'HH24:MI') from app_public.invoices where id = tests.id(name)
$$;

select is(app_hidden.record_tax_state('invoice', tests.id('first'), 'unknown', error => 'timeout'), 'unknown', 'whether it was sent nobody knows');
select is(pg_temp.sent_at('first'), null, 'so nobody says when');
select is(pg_temp.asked(), array[tests.id('second')], 'the office was just asked about it, and not about the other');
select tests.freeze_time('2027-03-01 10:14:59+02');
select is(pg_temp.asked(), array[tests.id('second')], 'for a quarter of an hour it is let be');
select tests.freeze_time('2027-03-01 10:15+02');
select is(pg_temp.asked(), array[tests.id('first'), tests.id('second')], 'then it is asked about again');
select is(app_hidden.record_tax_state('invoice', tests.id('first'), 'queued'), 'unknown', 'a word that is not believed');
select is(pg_temp.asked(), array[tests.id('second')], 'was an asking, too: about this one and no other');
select is(app_hidden.record_tax_state('invoice', tests.id('first'), 'sent', '601'), 'sent', 'it was sent');
select is(pg_temp.sent_at('first'), '10:15', 'as of now');
select tests.freeze_time('2027-03-01 10:40+02');
select is(app_hidden.record_tax_state('invoice', tests.id('first'), 'rejected', '601', 'BR-CO-15'), 'rejected', 'it is rejected');
select is(tests.events_of(tests.id('first')), '{invoice.tax_rejected}', 'which is told at once');
select is(pg_temp.sent_at('first'), '10:15', 'when it was sent stays');
select is(app_hidden.record_tax_state('invoice', tests.id('first'), 'sent', '602'), 'sent', 'sent again');
select is(app_hidden.record_tax_state('invoice', tests.id('first'), 'accepted', '601'), 'accepted', 'that the upload before was accepted after all counts');
select is((select tax_upload_id from app_public.invoices where id = tests.id('first')), '601', 'as that upload');
select is(array[pg_temp.sent_at('second'), (select tax_state from app_public.invoices where id = tests.id('second'))], array[null, 'queued'], 'of the other nothing was said');
select * from finish();
rollback;
