-- By which upload the tax office has a document, from the messages that were read. BIL-04.

set role app_engine;

create or replace function app_hidden.tax_uploads_of(document_ids uuid[])
returns table (document_id uuid, upload_id text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select documents.id, message.upload_id
  from app_private.tax_documents as documents
  cross join lateral (
    select messages.upload_id
    from app_private.tax_office_messages as messages
    where messages.bare_number = app_private.bare_number(documents.provider_document_number)
    order by messages.read_at desc, messages.message_id desc
    limit 1
  ) as message
  where documents.id = any (tax_uploads_of.document_ids) and documents.tax_upload_id is null;
end;

comment on function app_hidden.tax_uploads_of is
  'Of these documents, those whose number is in a message of the tax office, each with the upload of the message that was read last.';
grant execute on function app_hidden.tax_uploads_of to app_worker;

reset role;
