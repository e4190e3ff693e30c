-- People write 0722 123 456; what is stored is +40722123456, so that it can be compared and dialled. FND-07.

create or replace function app_hidden.e164(phone text, calling_code text) returns text
language sql immutable parallel safe
set search_path = ''
return (
  select case
    when digits = '' then null
    when digits like '+%' then digits
    when digits like '00%' then '+' || substr(digits, 3)
    when digits like '0%' then '+' || calling_code || substr(digits, 2)
    else '+' || calling_code || digits
  end
  from (select regexp_replace(btrim(phone), '[ ().\-/]', '', 'g')) as stripped (digits)
);

comment on function app_hidden.e164(text, text) is
  'A phone number in E.164, read with the clinic''s calling code when it has none. What is no number stays recognisably wrong.';
grant execute on function app_hidden.e164(text, text) to app_engine;
