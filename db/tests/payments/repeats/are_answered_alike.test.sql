-- Test: record_bank_transfer, refund_payment, credit_invoice, discount_invoice, void_invoice - a request that comes again with its idempotency key moves money once, is answered as the first time, and to superadmins alone. BIL-05, BIL-07, FND-26.
begin;
select plan(27);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.remember('paid', tests.issued_invoice(tests.id('atlas'), 10000)), tests.remember('credited', tests.issued_invoice(tests.id('atlas'), 5000)), tests.remember('made', tests.issued_invoice(tests.id('atlas'), 700));
select tests.remember('line', id) from app_public.invoice_lines where invoice_id = tests.id('credited');
create function pg_temp.does(verb text) returns uuid language sql as $$
  select case verb
    when 'transfer' then (app_public.record_bank_transfer(tests.id('paid'), 10000, '2027-03-01', 'FT 1')).id
    when 'refund' then (app_public.refund_payment(tests.id('payment'), 1000, 'Promised')).id
    when 'credit' then (app_public.credit_invoice(tests.id('credited'), jsonb_build_array(jsonb_build_object('lineId', tests.id('line'), 'amount', 500)), 'Promised')).id
    when 'discount' then (app_public.discount_invoice(tests.id('credited'), 300, 'Promised')).id
    when 'void' then (app_public.void_invoice(tests.id('made'), 'Made by mistake')).id
  end
$$;
create function pg_temp.of(invoice text) returns text language sql security definer as $$ select tests.invoice_in_words(tests.id(invoice)) $$;
create function pg_temp.is_superadmin(role text) returns void language sql security definer as $$
  update app_public.principals set platform_role = role where id = tests.id('root')
$$;
create function pg_temp.once_more(verb text) returns setof text language plpgsql as $$
declare
  v_first uuid;
  v_before jsonb;
begin
  perform set_config('app.idempotency_key', 'once ' || verb, true);
  v_first := pg_temp.does(verb);
  if verb = 'transfer' then
    perform tests.remember('payment', v_first);
  end if;
  v_before := tests.state();
  return next is(pg_temp.does(verb), v_first, verb || ': the same answer');
  return next is(tests.changed(v_before), '{}'::text[], '… and nothing more is done');
  perform pg_temp.is_superadmin(null);
  return query select * from tests.refuses(format('select pg_temp.does(%L)', verb), 'FORBIDDEN', 'superadmin_only', '… to nobody who is a superadmin no longer');
  perform pg_temp.is_superadmin('superadmin');
end $$;

select tests.act_as('root');
select * from pg_temp.once_more('transfer');
select is(pg_temp.of('paid'), 'paid paid 10000/0', 'one transfer');
select * from pg_temp.once_more('refund');
select is(pg_temp.of('paid'), 'paid paid 9000/1000', 'gives back once');
select * from pg_temp.once_more('credit');
select is(pg_temp.of('credited'), 'issued unpaid 0/500', 'one credit note');
select * from pg_temp.once_more('discount');
select is(pg_temp.of('credited'), 'issued unpaid 0/800', 'and one discount');
select * from pg_temp.once_more('void');
select is(pg_temp.of('made'), 'void unpaid 0/700', 'is taken off');

select set_config('app.idempotency_key', 'once refund', true);
select * from tests.refuses($$select app_public.refund_payment(tests.id('payment'), 1001, 'Promised')$$, 'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', 'another amount under the key of a refund is refused');
select * from finish();
rollback;
