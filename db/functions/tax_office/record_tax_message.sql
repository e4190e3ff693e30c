-- A message of the tax office was read: which upload and which document it is about. BIL-04.

set role app_engine;

create or replace function app_hidden.record_tax_message(office text, message_id text, upload_id text, document_number text) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  insert into app_private.tax_office_messages (office, message_id, upload_id, document_number, bare_number, read_at)
  select record_tax_message.office, record_tax_message.message_id, record_tax_message.upload_id,
    case when bare is not null then record_tax_message.document_number end, bare, app_hidden.now()
  from app_private.bare_number(record_tax_message.document_number) as bare
  on conflict on constraint tax_office_messages_pkey do nothing;
end;

comment on function app_hidden.record_tax_message is 'Keeps that a message of a tax office was read, and the number in it, if any; once.';
grant execute on function app_hidden.record_tax_message to app_worker;

reset role;
