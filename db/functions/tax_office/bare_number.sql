-- One document is numbered "RX 012", "RX012" and "RX-012", by whoever writes it. BIL-04.

create or replace function app_private.bare_number(number text) returns text
language sql immutable strict parallel safe
set search_path = ''
return nullif(app_hidden.ascii_lower(regexp_replace(number, '[^[:alnum:]]', '', 'g')), '');

comment on function app_private.bare_number is 'The letters and digits of a number of a document, small; null where it has none.';
grant execute on function app_private.bare_number to app_engine;
