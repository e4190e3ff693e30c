-- A clinic paid by bank transfer: staff of the platform write down what stands on the statement of the bank. A transfer is known by the
-- clinic and the bank's reference, so one that is written down twice counts once. BIL-07.

set role app_engine;

create or replace function app_public.record_bank_transfer(
  invoice_id uuid,
  amount bigint,
  received_on date,
  reference text,
  note text default null
) returns app_public.payments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered(
    'record_bank_transfer', jsonb_build_array(invoice_id, amount, received_on, reference, note));
  v_invoice app_public.invoices;
  v_payment app_public.payments;
  v_reference text := regexp_replace(btrim(coalesce(reference, ''), e' \t\r\n'), '\s+', ' ', 'g');
  v_key text;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_payment, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id);
  if coalesce(record_bank_transfer.amount, 0) not between 1 and 100000000000 then
    perform app_hidden.refuse('VALIDATION', 'sum_out_of_range', '{"field": "amount"}');
  elsif length(v_reference) not between 1 and 140 then
    perform app_hidden.refuse('VALIDATION', 'reference_missing', '{"field": "reference"}');
  elsif length(record_bank_transfer.note) > 500 then
    perform app_hidden.refuse('VALIDATION', 'note_too_long', '{"field": "note", "most": 500}');
  elsif received_on > (app_hidden.now() at time zone 'UTC')::date + 1 or received_on < date '2020-01-01' then
    perform app_hidden.refuse('VALIDATION', 'day_out_of_range', '{"field": "receivedOn"}');
  elsif v_invoice.status = 'draft' then
    perform app_hidden.refuse('STATE', 'invoice_not_issued');
  end if;

  v_key := v_invoice.organization_id || ':' || app_hidden.ascii_lower(v_reference);
  select payments.* into v_payment
  from app_public.payments
  where payments.provider = 'manual' and payments.provider_payment_id = v_key;
  if found then
    if (v_payment.invoice_id, v_payment.amount, v_payment.received_on)
       is distinct from (v_invoice.id, record_bank_transfer.amount, record_bank_transfer.received_on) then
      perform app_hidden.refuse('CONFLICT', 'transfer_recorded_otherwise', '{"field": "reference"}');
    end if;
  else
    v_payment := app_private.settle_payment(
      v_invoice.organization_id, v_invoice.id, 'manual', 'bank_transfer', v_key, record_bank_transfer.amount,
      record_bank_transfer.received_on, reference => v_reference,
      note => nullif(btrim(record_bank_transfer.note, e' \t\r\n'), ''));
  end if;
  perform app_private.remember('record_bank_transfer', to_jsonb(v_payment));
  return v_payment;
end;
$$;

comment on function app_public.record_bank_transfer is
  E'@arg amount What arrived, in minor units of the invoice''s currency: less than is due, or more.\n'
  '@arg receivedOn The day on which the money arrived.\n'
  '@arg reference The reference of the transfer on the statement of the bank; the same again is the same transfer.\n'
  '@arg note For the platform alone.\n'
  'Records a bank transfer that a clinic made for an invoice. What is more than is due is a balance of the clinic, which pays what else is '
  'due, and the next invoice. Superadmin only. CONFLICT transfer_recorded_otherwise, STATE invoice_not_issued.';
grant execute on function app_public.record_bank_transfer to app_member;

reset role;
