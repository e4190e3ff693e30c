-- An invoice whose legal deadline is near and that the tax office has not accepted is told, once, two working days before. BIL-04.

set role app_engine;

create or replace function app_hidden.warn_of_tax_deadlines(up_to int default 100) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_told int := 0;
begin
  for v_invoice in
    select invoices.*
    from app_public.invoices
    where invoices.tax_state in ('queued', 'sent', 'unknown', 'rejected')
      -- Two working days are nine days at most, when holidays surround them.
      and invoices.tax_deadline_on <= (app_hidden.now() at time zone 'UTC')::date + 9
      and app_hidden.now() at time zone 'UTC'
          >= app_private.working_days_before(invoices.billed_to ->> 'country', invoices.tax_deadline_on, 2)
      and not exists (
        select from app_private.events
        where events.subject_id = invoices.id and events.name = 'invoice.tax_deadline_near')
    order by invoices.tax_deadline_on, invoices.id
    limit up_to
    for no key update skip locked
  loop
    perform app_private.publish(
      'invoice.tax_deadline_near', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
    v_told := v_told + 1;
  end loop;
  return v_told;
end;
$$;

comment on function app_hidden.warn_of_tax_deadlines is
  'Publishes invoice.tax_deadline_near of invoices that the tax office has not accepted two working days before their deadline, once each, up '
  'to so many; answers how many.';
grant execute on function app_hidden.warn_of_tax_deadlines to app_worker;

reset role;

create or replace function app_private.working_days_before(country text, day date, working_days int) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_first date := day;
  v_left int := working_days;
begin
  while v_left > 0 loop
    v_first := v_first - 1;
    if app_private.is_working_day(working_days_before.country, v_first) then
      v_left := v_left - 1;
    end if;
  end loop;
  return v_first;
end;
$$;

comment on function app_private.working_days_before is 'The day that is so many working days before another.';
grant execute on function app_private.working_days_before to app_engine;
