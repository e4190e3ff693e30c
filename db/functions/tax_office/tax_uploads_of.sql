-- By which upload the tax office has an invoice, from the messages that were read. BIL-04.

set role app_engine;

create or replace function app_hidden.tax_uploads_of(invoice_ids uuid[])
returns table (invoice_id uuid, upload_id text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select invoices.id, message.upload_id
  from app_public.invoices
  cross join lateral (
    select messages.upload_id
    from app_private.tax_office_messages as messages
    where messages.bare_number = app_private.bare_number(invoices.provider_document_number)
    order by messages.read_at desc, messages.message_id desc
    limit 1
  ) as message
  where invoices.id = any (tax_uploads_of.invoice_ids) and invoices.tax_upload_id is null;
end;

comment on function app_hidden.tax_uploads_of is
  'Of these invoices, those whose number is in a message of the tax office, each with the upload of the message that was read last.';
grant execute on function app_hidden.tax_uploads_of to app_worker;

reset role;
