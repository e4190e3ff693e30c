-- Test: refund_to_make, record_refund - a word that comes again moves no money and writes nothing; reason, time and end are kept; another refund of the clinic is left as it is. BIL-05, BIL-08.
begin;
select plan(29);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
-- Two payments by card, and a refund of each.
create function pg_temp.refunds(name text) returns void language plpgsql as $$
begin
  perform tests.remember(name || ' invoice', tests.issued_invoice(tests.id('atlas'), 10000));
  perform tests.remember(name || ' attempt', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id(name || ' invoice'))).id);
  perform app_hidden.attempt_to_charge(tests.id(name || ' attempt'));
  perform app_hidden.record_attempt(tests.id(name || ' attempt'), 'succeeded', 'pi_' || name);
  perform tests.remember(name || ' payment', (select p.id from app_public.payments p where p.provider_payment_id = 'pi_' || name));
  perform tests.act_as('root');
  perform tests.remember(name, (app_public.refund_payment(tests.id(name || ' payment'), 4000, 'Promised')).id);
  perform tests.act_as('the database');
end $$;
create function pg_temp.said(name text, status text, at text, failure text default null) returns text language sql as $$
  select app_hidden.record_refund(tests.id(name), status, 're_' || name, failure, ('2027-03-01 ' || at || '+02')::timestamptz)
$$;
create function pg_temp.kept(name text) returns text language sql as $$
  select concat_ws(' ', r.status, r.failure_code, 'as of ' || to_char(r.provider_as_of at time zone 'Europe/Bucharest', 'HH24:MI'), 'ended ' || to_char(r.settled_at at time zone 'Europe/Bucharest', 'HH24:MI')) from app_public.refunds r where r.id = tests.id(name)
$$;
create function pg_temp.balance() returns bigint language sql as $$ select tests.account_of(tests.id('atlas'), 'customer_balance') $$;
-- Where its row lies, which is elsewhere once anything is written.
create function pg_temp.row_of(name text) returns tid language sql as $$ select ctid from app_public.refunds where id = tests.id(name) $$;

select pg_temp.refunds('beside'), pg_temp.refunds('back');
create temporary table lay as select 'beside' as what, pg_temp.row_of('beside') as at;
select results_eq(
  $$select refund_id, provider_payment_id, is_repeat from app_hidden.refund_to_make(tests.id('back'))$$,
  $$values (tests.id('back'), 'pi_back', false)$$, 'the vendor is asked for the one payment of the refund');
select is(pg_temp.row_of('beside'), (select at from lay where what = 'beside'), 'another refund is still to be asked for');
select results_eq(
  $$select task_identifier, run_at from graphile_worker.jobs where key like 'make_refund_again:%'$$,
  $$values ('make_refund', '2027-03-01 16:00+02'::timestamptz)$$, 'and once more in six hours, should nobody say the end');

select is(pg_temp.said('back', 'processing', '10:05'), 'processing', 'on its way');
select is(pg_temp.kept('back'), 'processing as of 10:05', 'which is no end');
select tests.freeze_time('2027-03-01 10:20+02');
select is(pg_temp.said('back', 'unknown', '10:20', 'timeout'), 'unknown', 'then nobody knows');
select is(pg_temp.kept('back'), 'unknown timeout as of 10:05', 'why is kept, and the vendor''s time, of which this says nothing');
select is(pg_temp.said('back', 'succeeded', '10:04'), 'unknown', 'what is older than what was believed is not believed');
select is(pg_temp.said('back', 'processing', '10:05'), 'processing', 'what was so at that time is');
select is(pg_temp.kept('back'), 'processing as of 10:05', 'and the reason is past');
select is(pg_temp.said('back', 'unknown', '10:21', 'timeout'), 'unknown', 'nobody knows again');
select is(pg_temp.said('back', 'succeeded', '10:06', 'timeout'), 'succeeded', 'an end that is earlier than our asking counts');
select is(pg_temp.kept('back'), 'succeeded as of 10:06 ended 10:20', 'it ended when that was heard, and a reason that comes with it is none');

insert into lay select 'back', pg_temp.row_of('back');
select tests.freeze_time('2027-03-01 10:40+02');
select is(pg_temp.said('back', 'succeeded', '10:06'), 'succeeded', 'the webhook says the same');
select is(pg_temp.said('back', 'processing', '10:06'), 'succeeded', 'and, of that instant, that it goes on');
select is(pg_temp.row_of('back'), (select at from lay where what = 'back'), 'nothing is written anew');
select is(pg_temp.said('back', 'succeeded', '10:07'), 'succeeded', 'it is there, said later');
select is(tests.events_of(tests.id('back')), '{refund.succeeded}', 'is told once');

-- A bank sends it back, and the vendor says so twice: the clinic has it once.
select is(pg_temp.said('back', 'failed', '10:07', 'account_closed'), 'failed', 'of one instant that it came back counts');
select is(pg_temp.balance(), -4000::bigint, 'it is a balance');
select is(pg_temp.said('back', 'failed', '10:09', 'account_frozen'), 'failed', 'said again, later and otherwise');
select is(pg_temp.balance(), -4000::bigint, 'it is the same balance');
select is(pg_temp.kept('back'), 'failed account_frozen as of 10:09 ended 10:40', 'the last reason stands');
select is(tests.events_of(tests.id('back')), '{refund.succeeded,refund.failed}', 'and it is told once');
select is(pg_temp.said('back', 'succeeded', '10:10'), 'succeeded', 'it arrived after all');
select is(pg_temp.balance(), 0::bigint, 'and is not there twice');

select is(pg_temp.row_of('beside'), (select at from lay where what = 'beside'), 'the other refund was never written');
select is(pg_temp.kept('beside'), 'queued', 'and is still to be made');
select is((select refunded_amount from app_public.payments where provider_payment_id = 'pi_beside'), 4000::bigint, 'of its own payment');
select * from finish();
rollback;
