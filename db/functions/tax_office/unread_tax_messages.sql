-- Of the messages that a tax office lists, those that nobody has read. BIL-04.

set role app_engine;

create or replace function app_hidden.unread_tax_messages(office text, message_ids text[])
returns table (message_id text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select listed.message_id
  from unnest(unread_tax_messages.message_ids) with ordinality as listed (message_id, place)
  where not exists (
    select from app_private.tax_office_messages as known
    where known.office = unread_tax_messages.office and known.message_id = listed.message_id)
  order by listed.place;
end;

comment on function app_hidden.unread_tax_messages is 'Which of these messages of a tax office were not read yet, in their order.';
grant execute on function app_hidden.unread_tax_messages to app_worker;

reset role;
