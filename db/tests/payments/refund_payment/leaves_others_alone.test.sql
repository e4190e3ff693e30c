-- Test: refund_payment - a refund is of one payment: another that is on its way is left as it is; what is too small for a credit note is refused. BIL-05, BIL-08.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.subscribes(tests.id('atlas'), 'stripe');
select tests.remember('card', tests.issued_invoice(tests.id('atlas'), 10000)), tests.remember('bank', tests.issued_invoice(tests.id('atlas'), 10000, 1900));
select tests.remember('attempt', (app_private.queue_payment_attempt(tests.id('atlas'), tests.id('card'))).id);
select app_hidden.attempt_to_charge(tests.id('attempt')), app_hidden.record_attempt(tests.id('attempt'), 'succeeded', 'pi_1');
select tests.remember('by card', id) from app_public.payments;
create function pg_temp.refund(payment text, amount bigint) returns text language plpgsql as $$
declare
  v_refund app_public.refunds := app_public.refund_payment(tests.id(payment), amount, 'Asked for it');
begin
  perform tests.remember('refund of ' || amount, v_refund.id);
  return concat_ws(' ', v_refund.status, (select concat_ws(' ', c.net_amount, c.gross_amount) from app_public.credit_notes c where c.id = v_refund.credit_note_id));
end $$;
create function pg_temp.kept(refund text) returns text language sql security definer as $$
  select concat_ws(' ', r.status, c.gross_amount, 'ended ' || to_char(r.settled_at at time zone 'Europe/Bucharest', 'HH24:MI')) from app_public.refunds r left join app_public.credit_notes c on c.id = r.credit_note_id where r.id = tests.id(refund)
$$;

select tests.act_as('root');
select tests.remember('by bank', (app_public.record_bank_transfer(tests.id('bank'), 12000, '2027-03-01', 'FT 1')).id);
select is(pg_temp.refund('by card', 4000), 'queued 4000 4000', 'a vendor will be asked to give back');
select is(pg_temp.refund('by bank', 101), 'succeeded 1 1', 'what came by bank transfer was sent back');
select is(pg_temp.kept('refund of 4000'), 'queued 4000', 'the vendor is still to be asked, with its own credit note');
select is(pg_temp.kept('refund of 101'), 'succeeded 1 ended 10:00', 'the other is done');
select is((select array_agg(p.refunded_amount order by p.refunded_amount) from app_public.payments p), '{101,4000}'::bigint[], 'each is of its payment');

-- Of a net of 84 in 100 the fourth coin has no share.
select is(pg_temp.refund('by bank', 1), 'succeeded 1 1', 'a second coin');
select is(pg_temp.refund('by bank', 1), 'succeeded 1 1', 'a third');
select * from tests.refuses($$select pg_temp.refund('by bank', 1)$$, 'VALIDATION', 'refund_too_small', 'a fourth, of which nothing is before tax, is too small');
select is(pg_temp.refund('by bank', 2), 'succeeded 1 2', 'with the next it is not');
select * from tests.refuses($$select pg_temp.refund('by bank', 100000000001)$$, 'VALIDATION', 'sum_out_of_range', 'more than there can be');
select * from tests.refuses($$select pg_temp.refund('by bank', 100000000000)$$, 'CONFLICT', 'refund_exceeds_payment', 'or than there is');
select is(tests.account_of(tests.id('atlas'), 'customer_balance'), 0::bigint, 'nothing is left over');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.refund_payment(uuidv7(), 1, 'Asked for it')$$, 'FORBIDDEN', 'superadmin_only', 'a clinic does not even learn which payments there are');
select * from finish();
rollback;
