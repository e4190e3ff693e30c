-- Something was taken off an invoice, or money goes back: a notice, once for each credit note, and once for each refund without one. BIL-08.

create or replace function app_private.messages_about_credit_note(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'credit_notice',
    jsonb_build_object(
      'creditNoteNumber', credit_notes.series || ' ' || credit_notes.number,
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'creditAmount', credit_notes.gross_amount::text,
      'refundAmount', refunds.amount::text,
      'currency', invoices.currency))
  from app_public.credit_notes
  join app_public.invoices on invoices.organization_id = credit_notes.organization_id and invoices.id = credit_notes.invoice_id
  left join app_public.refunds on refunds.organization_id = credit_notes.organization_id and refunds.credit_note_id = credit_notes.id
  where credit_notes.organization_id = event.organization_id and credit_notes.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_credit_note is
  'Queues what credit_note.issued calls for: a notice to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_credit_note to app_engine;

create or replace function app_private.messages_about_refund(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'credit_notice',
    jsonb_build_object(
      'creditNoteNumber', null,
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'creditAmount', null,
      'refundAmount', refunds.amount::text,
      'currency', refunds.currency))
  from app_public.refunds
  join app_public.payments on payments.organization_id = refunds.organization_id and payments.id = refunds.payment_id
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  where refunds.organization_id = event.organization_id and refunds.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_refund is
  'Queues what refund.requested calls for, a refund without a credit note: a notice to the same people.';
grant execute on function app_private.messages_about_refund to app_engine;
