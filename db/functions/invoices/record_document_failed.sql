-- The invoicing provider did not issue a document, or did not say whether it did. BIL-03.

set role app_engine;

create or replace function app_hidden.record_document_failed(kind text, id uuid, error text, is_unknown boolean) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_state constant text := case when record_document_failed.is_unknown then 'unknown' else 'failed' end;
begin
  if record_document_failed.kind = 'invoice' then
    update app_public.invoices set provider_state = v_state, provider_error = left(record_document_failed.error, 500)
    where invoices.id = record_document_failed.id and invoices.provider_state <> 'issued'
    returning invoices.organization_id into v_organization_id;
  else
    update app_public.credit_notes set provider_state = v_state, provider_error = left(record_document_failed.error, 500)
    where credit_notes.id = record_document_failed.id and credit_notes.provider_state <> 'issued'
    returning credit_notes.organization_id into v_organization_id;
  end if;
  if v_organization_id is not null then
    perform app_private.publish('invoice.document_failed', v_organization_id, record_document_failed.id, jsonb_build_object(
      'kind', record_document_failed.kind, 'documentId', record_document_failed.id, 'state', v_state));
  end if;
end;
$$;

comment on function app_hidden.record_document_failed is
  'Keeps why a document is not issued, or that nobody knows whether it is (is_unknown). One that is issued stays so.';
grant execute on function app_hidden.record_document_failed to app_worker;

reset role;
