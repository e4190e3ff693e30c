-- Test: queue_payment_attempt - one try of an invoice at a time, however it stands with the vendor; others of the clinic and of other invoices have no part in it. BIL-04, BIL-05.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.remember('before', tests.subscribes(tests.id('atlas'), 'manual'));
select tests.remember('sent', tests.issued_invoice(tests.id('atlas'), 400));
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now(), settle_at = null where id = tests.id('before');
set local session_replication_role = origin;
select tests.subscribes(tests.id('atlas'), 'stripe');
select tests.remember('one', tests.issued_invoice(tests.id('atlas'), 1000)), tests.remember('two', tests.issued_invoice(tests.id('atlas'), 2000));
create function pg_temp.queue(invoice text, name text default 'it') returns text language plpgsql as $$
declare
  v_attempt app_public.payment_attempts := app_private.queue_payment_attempt(tests.id('atlas'), tests.id(invoice), '2027-03-02 08:00+02');
begin
  if v_attempt.id is null then
    return null;
  end if;
  perform tests.remember(name, v_attempt.id);
  return v_attempt.position || ' ' || v_attempt.provider || ' ' || v_attempt.amount || ' ' || v_attempt.status;
end $$;

select is(pg_temp.queue('sent'), null, 'for a bill of the time when the clinic sent its money nobody is charged');
select is(pg_temp.queue('one', 'first'), '1 stripe 1000 queued', 'what is due, at the vendor of the bill''s own subscription');
select is((select run_at from graphile_worker.jobs where key = 'charge_invoice:' || tests.id('first')), '2027-03-02 08:00+02'::timestamptz, 'when it is said to be');
select is(pg_temp.queue('two', 'second'), '1 stripe 2000 queued', 'another invoice has a try of its own');
select app_hidden.attempt_to_charge(tests.id('first'));
select is(pg_temp.queue('one'), '1 stripe 1000 processing', 'while the vendor is asked there is no other');
select app_hidden.record_attempt(tests.id('first'), 'unknown');
select is(pg_temp.queue('one'), '1 stripe 1000 unknown', 'nor while nobody knows');
select app_hidden.record_attempt(tests.id('first'), 'failed', 'pi_1', 'card_declined');
select is(pg_temp.queue('one', 'next'), '2 stripe 1000 queued', 'once it failed there is a second');
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('one'), 999, '2027-03-01', 'FT 1');
select tests.act_as('the database');
select app_hidden.attempt_to_charge(tests.id('next')), app_hidden.record_attempt(tests.id('next'), 'failed', 'pi_2', 'card_declined');
select is(pg_temp.queue('one', 'third'), '3 stripe 1 queued', 'of what is left, to the last coin');
select app_hidden.attempt_to_charge(tests.id('third')), app_hidden.record_attempt(tests.id('third'), 'succeeded', 'pi_3');
select is(tests.invoice_in_words(tests.id('one')), 'paid paid 1000/0', 'then it is paid');
select is(pg_temp.queue('one'), null, 'and nothing is asked for it');
select is((select string_agg(status, ' ') from app_public.payment_attempts where invoice_id = tests.id('two')), 'queued', 'the other is still to be asked for');
select tests.act_as('root');
select app_public.write_off_invoice(tests.id('two'), 'Gone');
select tests.act_as('the database');
select is(pg_temp.queue('two'), null, 'what is given up is not charged');
select * from finish();
rollback;
