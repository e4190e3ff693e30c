-- A day out of what stood between dots: the day first, as in Romanian and English; the month first where it cannot be
-- otherwise. Two digits are a year that has been. FND-07.

create or replace function app_private.day_of(year text, month text, day text) returns date
language sql stable strict
set search_path = ''
return (
  select case
    when y between 1900 and 2200 and m between 1 and 12
         and d between 1 and extract(day from make_date(y, m, 1) + interval '1 month' - interval '1 day')
    then make_date(y, m, d) end
  from (
    select case when length(day_of.year) = 4 then day_of.year::int
                when day_of.year::int > extract(year from app_hidden.now())::int % 100 then 1900 + day_of.year::int
                else 2000 + day_of.year::int end,
           case when day_of.month::int > 12 then day_of.day::int else day_of.month::int end,
           case when day_of.month::int > 12 then day_of.month::int else day_of.day::int end
  ) as read (y, m, d)
);

comment on function app_private.day_of is 'The day that three numbers mean, null for none.';
grant execute on function app_private.day_of to app_engine;
