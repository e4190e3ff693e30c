-- Test: tax_uploads_of, record_tax_message, unread_tax_messages, bare_number - by which upload the tax office has an invoice. BIL-04.
begin;
select plan(11);
select tests.clinic('atlas');
select tests.clinic('nordic');
select tests.remember('first', tests.issued_invoice(tests.id('atlas'), 100));
select tests.remember('second', tests.issued_invoice(tests.id('nordic'), 100));
create function pg_temp.number_of(name text, spelled text) returns void language plpgsql as $$
begin
  set local session_replication_role = replica;
  update app_public.invoices set provider_document_number = spelled where id = tests.id(name);
  set local session_replication_role = origin;
end $$;
select pg_temp.number_of('first', 'RX 012'), pg_temp.number_of('second', 'RX 013');
create function pg_temp.found() returns setof text language sql as $$
  select u.upload_id from app_hidden.tax_uploads_of(array[tests.id('first'), tests.id('second')]) u order by u.upload_id $$;

select results_eq($$select message_id from app_hidden.unread_tax_messages('anaf', '{3,1,2}')$$, '{3,1,2}'::text[], 'nothing was read yet');
select is_empty('select pg_temp.found()', 'and nothing is found');
select app_hidden.record_tax_message('anaf', '1', '5001', 'rx-012');
select app_hidden.record_tax_message('anaf', '2', '5002', null);
select results_eq($$select message_id from app_hidden.unread_tax_messages('anaf', '{3,1,2}')$$, '{3}'::text[], 'what was read is not read again');
select results_eq($$select message_id from app_hidden.unread_tax_messages('other', '{1}')$$, '{1}'::text[], 'another office has its own');
select results_eq('select pg_temp.found()', '{5001}'::text[], 'a number is the same however it is written');
select app_hidden.record_tax_message('anaf', '1', '5009', 'RX 013');
select results_eq('select pg_temp.found()', '{5001}'::text[], 'a message says what it said first');
select tests.freeze_time(now() + interval '1 hour');
select app_hidden.record_tax_message('anaf', '3', '5003', 'RX012');
select results_eq('select pg_temp.found()', '{5003}'::text[], 'of two uploads of one document the later one counts');
select app_hidden.record_tax_message('anaf', '5', '5005', 'RX 013');
select results_eq($$select document_id, upload_id from app_hidden.tax_uploads_of(array[tests.id('second')])$$, $$values (tests.id('second'), '5005')$$, 'of an invoice that was not asked about nothing is said');
update app_public.invoices set tax_upload_id = '5005' where id = tests.id('second');
select results_eq('select pg_temp.found()', '{5003}'::text[], 'nor of one whose upload is known');
select is(app_private.bare_number(' -/. '), null, 'a number of no letter and no digit is none');
select pg_temp.number_of('first', '-');
select app_hidden.record_tax_message('anaf', '4', '5004', '.');
select is_empty('select pg_temp.found()', 'and equals nothing');
select * from finish();
rollback;
