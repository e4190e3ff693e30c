-- The lengths of periods, in months: whatever is counted from one day meets again. CAT-06.

create or replace function app_private.months_of(period text) returns int
language sql immutable strict
set search_path = ''
return case period when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end;

comment on function app_private.months_of is 'How many months a period has.';
grant execute on function app_private.months_of to app_engine;
