-- Whose address it is, whatever they or others add to it: victim+1@ and, at Google, v.i.c.t.i.m@ are the victim's. FND-35.
-- The column messages.mailbox says the same; a test holds them together.

create or replace function app_private.mailbox_of(address text) returns text
language sql immutable strict parallel safe
set search_path = ''
return case
  when strpos(address, '@') = 0 then address
  when app_hidden.ascii_lower(split_part(address, '@', 2)) in ('gmail.com', 'googlemail.com')
    then replace(split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1), '.', '') || '@gmail.com'
  else split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1) || '@' || app_hidden.ascii_lower(split_part(address, '@', 2))
end;

comment on function app_private.mailbox_of is 'The mailbox or telephone that limits count by.';
grant execute on function app_private.mailbox_of to app_engine;
