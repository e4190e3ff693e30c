-- Test: record_attempt - somebody is asked to look only when a vendor takes its word back: not for reports that are late, doubled or of one instant. BIL-04, BIL-05.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
-- A try of its own for each story, of which the vendor has been asked.
create function pg_temp.asks(name text) returns void language plpgsql as $$
begin
  perform tests.remember(name || ' invoice', tests.issued_invoice(tests.id('atlas'), 5000));
  perform tests.remember(name, (app_private.queue_payment_attempt(tests.id('atlas'), tests.id(name || ' invoice'))).id);
  perform app_hidden.attempt_to_charge(tests.id(name));
end $$;
create function pg_temp.said(name text, status text, at text, payment text default null) returns text language sql as $$
  select app_hidden.record_attempt(tests.id(name), status, payment, null, ('2027-03-01 ' || at || '+02')::timestamptz)
$$;
create function pg_temp.as_of(name text) returns text language sql as $$
  select to_char(a.provider_as_of at time zone 'Europe/Bucharest', 'HH24:MI') from app_public.payment_attempts a where a.id = tests.id(name)
$$;

select pg_temp.asks('retried'), pg_temp.said('retried', 'failed', '10:01', 'pi_1');
select is(pg_temp.said('retried', 'succeeded', '10:05', 'pi_1'), 'succeeded', 'a card is declined, and then the vendor gets the money');
select is(tests.events_of(tests.id('retried')), '{payment_attempt.failed}', 'which contradicts nothing');
select is(pg_temp.as_of('retried'), '10:05', 'it is so from when the money was taken');
select is(tests.invoice_in_words(tests.id('retried invoice')), 'paid paid 5000/0', 'and the invoice is paid');

select pg_temp.asks('instant'), pg_temp.said('instant', 'failed', '10:03', 'pi_2'), pg_temp.said('instant', 'succeeded', '10:03', 'pi_2');
select is(tests.events_of(tests.id('instant')), '{payment_attempt.failed}', 'within one instant a try fails and the next one succeeds');
select is(pg_temp.said('instant', 'failed', '10:03', 'pi_2'), 'succeeded', 'in whichever order they are told');
select is(tests.events_of(tests.id('instant')), '{payment_attempt.failed}', 'nobody has to look');

select pg_temp.asks('late'), pg_temp.said('late', 'processing', '10:05', 'pi_3');
select is(pg_temp.said('late', 'succeeded', '10:03', 'pi_3'), 'succeeded', 'a success that comes after what it came before');
select is(tests.events_of(tests.id('late')), '{}', 'is no contradiction');
select pg_temp.said('late', 'processing', '10:20', 'pi_3');
select is(tests.events_of(tests.id('late')), '{}', 'nor is that it goes on, which has no end to oppose');

-- Of two reports of one success the earlier time counts, so that a failure between them is seen.
select pg_temp.asks('doubled'), pg_temp.said('doubled', 'succeeded', '10:10', 'pi_4'), pg_temp.said('doubled', 'succeeded', '10:20', 'pi_4');
select is(pg_temp.as_of('doubled'), '10:10', 'a success told again later is as old as it was');
select pg_temp.said('doubled', 'failed', '10:15', 'pi_4');
select is(tests.events_of(tests.id('doubled')), '{payment.contradicted}', 'so a failure between the two reports contradicts it');
select pg_temp.said('doubled', 'succeeded', '10:08', 'pi_4');
select is(pg_temp.as_of('doubled'), '10:08', 'told with an earlier time it is older');
select is((select count(*)::int from app_public.payments where attempt_id = tests.id('doubled')), 1, 'and one payment all the time');

select pg_temp.asks('twice'), pg_temp.said('twice', 'succeeded', '10:10', 'pi_5');
select is(pg_temp.said('twice', 'succeeded', '10:11', 'pi_6'), 'succeeded', 'a vendor that took the money again under another id');
select is(tests.events_of(tests.id('twice')), '{payment.contradicted}', 'is told of');
select is((select array_agg(provider_payment_id order by id) from app_public.payments where attempt_id = tests.id('twice')), '{pi_5,pi_6}', 'and both payments are kept');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), -5000::bigint, 'the second as a balance of the clinic');
select * from finish();
rollback;
