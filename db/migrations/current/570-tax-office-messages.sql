-- Which messages of the tax office were read, and which document each is about. BIL-04, docs/decisions/0190.

-- squawk-ignore ban-drop-table
drop table if exists app_private.tax_office_messages cascade;
create table app_private.tax_office_messages (
  office text not null,
  message_id text not null,
  upload_id text not null,
  document_number text,
  bare_number text,
  read_at timestamptz not null default now(),
  constraint tax_office_messages_pkey primary key (office, message_id),
  constraint tax_office_messages_office_is_a_word check (office ~ '^[a-z]+(_[a-z]+)*$' and length(office) <= 63),
  constraint tax_office_messages_message_id_is_short check (length(message_id) between 1 and 100),
  constraint tax_office_messages_upload_id_is_short check (length(upload_id) between 1 and 100),
  constraint tax_office_messages_document_number_is_short check (length(document_number) <= 200),
  constraint tax_office_messages_bare_number_is_of_the_number check ((bare_number is null) = (document_number is null))
);
create index tax_office_messages_number_idx on app_private.tax_office_messages (bare_number) where bare_number is not null;
create index tax_office_messages_read_at_idx on app_private.tax_office_messages (read_at);
comment on table app_private.tax_office_messages is
  'Messages of a tax office that were read: an office lends each out a few times a day.';
comment on column app_private.tax_office_messages.upload_id is 'What the office calls the upload that the message is about.';
comment on column app_private.tax_office_messages.document_number is
  'The number of the document in the message, as its issuer wrote it; null where it holds none.';
comment on column app_private.tax_office_messages.bare_number is 'Its letters and digits alone, by which it is compared.';
