-- How a number of digits fits the lengths of a numbering plan. FND-07.

create or replace function app_hidden.phone_length_problem(digits int, possible_lengths int[]) returns text
language sql immutable strict parallel safe
set search_path = ''
return case
  when digits = any (possible_lengths) then null
  when digits < (select min(possible) from unnest(possible_lengths) as possible) then 'too_short'
  when digits > (select max(possible) from unnest(possible_lengths) as possible) then 'too_long'
  else 'wrong_length'
end;

comment on function app_hidden.phone_length_problem is
  'too_short, too_long, or wrong_length where only shorter and longer numbers exist; null when there are such numbers.';
grant execute on function app_hidden.phone_length_problem to app_member, app_engine;
