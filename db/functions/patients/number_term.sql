-- A number as people write it: +40 722 …, 0040722…, 0722…, 722…, its last digits; four digits may be the year of birth.
-- FND-07.

create or replace function app_private.number_term(number text, calling_code text) returns text
language sql stable strict
set search_path = ''
return (
  select concat_ws(e'\n',
    case when number_term.number like '+%' then '+' || digits
         when digits like '00%' then '+' || substr(digits, 3)
         when digits like '0%' then '+' || number_term.calling_code || substr(digits, 2)
         else '+' || number_term.calling_code || digits end,
    -- Some countries keep the zero, and some people leave the plus out.
    case when number_term.number not like '+%' then '+' || case when digits like '0%' then number_term.calling_code else '' end || digits end,
    case when number_term.number not like '+%' then '-' || reverse(digits) end,
    case when digits ~ '^(19|20)\d\d$' then '=' || digits || '-' end)
  from (select regexp_replace(number_term.number, '[^0-9]', '', 'g') as digits) as read
);

comment on function app_private.number_term is 'The words of patient_search that a number may be the beginning of, a line each.';
grant execute on function app_private.number_term to app_engine;
