-- By which day an invoice has to be at the tax office: so many days after its own, as the law of its day says. Working days are those
-- that are neither Saturday, Sunday nor a public holiday of the country; its own day does not count. BIL-04, docs/decisions/0188.

create or replace function app_private.tax_deadline(country text, day date) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_rule app_private.submission_deadlines;
  v_last date := day;
  v_left int;
begin
  select submission_deadlines.* into v_rule
  from app_private.submission_deadlines
  where submission_deadlines.country = tax_deadline.country and submission_deadlines.valid_from <= tax_deadline.day
  order by submission_deadlines.valid_from desc
  limit 1;
  if not found then
    return null;
  elsif v_rule.counts = 'calendar_days' then
    return tax_deadline.day + v_rule.days;
  end if;
  v_left := v_rule.days;
  while v_left > 0 loop
    v_last := v_last + 1;
    if app_private.is_working_day(tax_deadline.country, v_last) then
      v_left := v_left - 1;
    end if;
  end loop;
  return v_last;
end;
$$;

comment on function app_private.tax_deadline is 'The last day for an invoice of this day to reach the tax office; null where no law says one.';
grant execute on function app_private.tax_deadline to app_engine;

create or replace function app_private.is_working_day(country text, day date) returns boolean
language sql stable
set search_path = ''
begin atomic
  select extract(isodow from is_working_day.day) < 6 and not exists (
    select from app_private.public_holidays
    where public_holidays.country = is_working_day.country and public_holidays.day = is_working_day.day);
end;

comment on function app_private.is_working_day is 'Whether people work in a country on a day.';
grant execute on function app_private.is_working_day to app_engine;
