-- Test: record_attempt - what is kept of a try: the reason of a failure, the vendor's id and when it ended; a word that comes again writes nothing, and other tries and invoices are left as they are. BIL-04, BIL-05.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
create function pg_temp.asks(name text) returns void language plpgsql as $$
begin
  perform tests.remember(name || ' invoice', tests.issued_invoice(tests.id('atlas'), 5000));
  perform tests.remember(name, (app_private.queue_payment_attempt(tests.id('atlas'), tests.id(name || ' invoice'))).id);
  perform app_hidden.attempt_to_charge(tests.id(name));
end $$;
create function pg_temp.said(name text, status text, at text, payment text default null, failure text default null) returns text language sql as $$
  select app_hidden.record_attempt(tests.id(name), status, payment, failure, ('2027-03-01 ' || at || '+02')::timestamptz)
$$;
create function pg_temp.kept(name text) returns text language sql as $$
  select concat_ws(' ', a.status, a.provider_payment_id, a.failure_code, 'ended ' || to_char(a.settled_at at time zone 'Europe/Bucharest', 'HH24:MI')) from app_public.payment_attempts a where a.id = tests.id(name)
$$;
-- Where its row lies, which is elsewhere once anything is written.
create function pg_temp.row_of(name text) returns tid language sql as $$ select ctid from app_public.payment_attempts where id = tests.id(name) $$;

select pg_temp.asks('beside'), pg_temp.asks('first');
create temporary table lay as select pg_temp.row_of('beside') as beside;
select is(pg_temp.said('first', 'unknown', '10:00', null, 'timeout'), 'unknown', 'nobody knows');
select is(pg_temp.kept('first'), 'unknown timeout', 'why is kept, and that it ended is not said');
create temporary table unknown_row as select pg_temp.row_of('first') as at;
select is(pg_temp.said('first', 'unknown', '10:01', null, 'timeout'), 'unknown', 'asked in vain again');
select is(pg_temp.row_of('first'), (select at from unknown_row), 'nothing is written anew');
select is(pg_temp.said('first', 'processing', '10:02'), 'processing', 'the vendor is at it');
select is(pg_temp.kept('first'), 'processing', 'and the reason is past');
select is(pg_temp.said('first', 'processing', '10:02', 'pi_1'), 'processing', 'of the same instant');
select is(pg_temp.kept('first'), 'processing pi_1', 'the id is kept that came with it');
select is(pg_temp.said('first', 'failed', '10:01', 'pi_1', 'card_declined'), 'failed', 'an end counts, even with an earlier time than that it goes on');
select is(pg_temp.kept('first'), 'failed pi_1 card_declined ended 10:00', 'it ended when that was heard');
select is(tests.invoice_in_words(tests.id('first invoice')), 'issued failed 0/0', 'and the invoice is unpaid');
create temporary table failed_row as select pg_temp.row_of('first') as at;
select tests.freeze_time('2027-03-01 10:30+02');
select is(pg_temp.said('first', 'failed', '10:01', 'pi_1', 'card_declined'), 'failed', 'the webhook says the same');
select is(pg_temp.row_of('first'), (select at from failed_row), 'nothing is written anew');
select is(pg_temp.said('first', 'failed', '10:07', 'pi_1', 'insufficient_funds'), 'failed', 'it failed again, for another reason');
select is(pg_temp.kept('first'), 'failed pi_1 insufficient_funds ended 10:00', 'the last reason stands, and the first end');
select is(tests.events_of(tests.id('first')), '{payment_attempt.failed}', 'the clinic is told once that its card failed');
select is(pg_temp.said('first', 'succeeded', '10:09', 'pi_1', 'insufficient_funds'), 'succeeded', 'a vendor that repeats the last error beside a success');
select is(pg_temp.kept('first'), 'succeeded pi_1 ended 10:00', 'leaves none');

select is(pg_temp.row_of('beside'), (select beside from lay), 'another try of the clinic was not written');
select is(tests.invoice_in_words(tests.id('beside invoice')), 'issued processing 0/0', 'nor its invoice');
select is(pg_temp.said('beside', 'canceled', '10:10'), 'canceled', 'called off');
select is(pg_temp.kept('beside'), 'canceled ended 10:30', 'is an end, too');

-- What an invoice that was paid comes to is told: its own job weighs it, not a try of another one.
select tests.remember('net', tests.issued_invoice(tests.id('atlas'), 6000, has_document => false));
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('net'), 6000, '2027-03-01', 'FT 1');
select tests.act_as('the database');
select tests.document_of(tests.id('net'), 1140);
select pg_temp.asks('third'), pg_temp.said('third', 'failed', '10:12', 'pi_3');
select is(tests.invoice_in_words(tests.id('net')), 'paid paid 6000/0', 'another invoice waits for its own job');
select app_hidden.settle_invoice(tests.id('net'));
select is(tests.invoice_in_words(tests.id('net')), 'issued partially_paid 6000/0', 'which finds that a part is due');
select * from finish();
rollback;
