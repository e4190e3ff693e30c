-- Whom a message is for, as notify() was told. FND-15.

create or replace function app_private.recipient_of(message app_public.messages) returns app_private.message_recipient
language sql immutable
set search_path = ''
return row(
  message.patient_profile_id, message.recipient_human_id, message.recipient_name, message.recipient_email,
  message.recipient_phone, message.locale, message.data)::app_private.message_recipient;

comment on function app_private.recipient_of is 'The recipient of a message, to ask the rules about again.';
grant execute on function app_private.recipient_of to app_engine;
