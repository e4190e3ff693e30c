-- What is issued never changes: only how it is paid, credited, issued at the provider and taken by the tax office is written, what the
-- provider answers once, and its tax id is sealed anew when keys rotate. Nothing is deleted. BIL-02, BIL-07.

create or replace function app_private.tg_invoices__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_moves constant text[] := '{status,payment_state,paid_amount,credited_amount,paid_at,provider_state,provider_document_id,
    provider_document_number,provider_document_url,provider_error,tax_state,tax_upload_id,tax_sent_at,tax_deadline_on,tax_checked_at,
    tax_error,updated_at,tax_amount,total_amount,provider_difference_amount,tax_id}';
begin
  if tg_op = 'DELETE' then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "invoices"}');
  elsif old.status <> 'draft' and (
    to_jsonb(new) - v_moves is distinct from to_jsonb(old) - v_moves
    -- The provider's answer is taken once.
    or old.total_amount is not null and (new.tax_amount, new.total_amount) is distinct from (old.tax_amount, old.total_amount)
    or new.tax_id is distinct from old.tax_id
      and not coalesce(app_private.key_version(new.tax_id) > app_private.key_version(old.tax_id), false))
  then
    perform app_hidden.refuse('IMMUTABLE', 'invoice_is_issued', jsonb_build_object('invoiceId', old.id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_invoices__keep is
  'IMMUTABLE invoice_is_issued for a change of what is issued, never_changed for a deletion. Trigger _300_keep.';
