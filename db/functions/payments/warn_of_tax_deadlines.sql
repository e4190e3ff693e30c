-- A document whose legal deadline is near and that the tax office has not accepted is told, once, two working days before. BIL-04.

set role app_engine;

create or replace function app_hidden.warn_of_tax_deadlines(up_to int default 100) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
  v_told int := 0;
begin
  for v_document in
    select documents.*
    from app_private.tax_documents as documents
    where documents.tax_state in ('queued', 'sent', 'unknown', 'rejected')
      -- Two working days are nine days at most, when holidays surround them.
      and documents.tax_deadline_on <= (app_hidden.now() at time zone 'UTC')::date + 9
      and app_hidden.now() at time zone 'UTC' >= app_private.working_days_before(documents.country, documents.tax_deadline_on, 2)
      and not app_private.is_told_of_deadline(documents.kind, documents.id)
    order by documents.tax_deadline_on, documents.id
    limit up_to
  loop
    -- Whoever has it tells of it, or hears what became of it.
    v_document := app_private.lock_tax_document(v_document.kind, v_document.id, false);
    if v_document.tax_state in ('queued', 'sent', 'unknown', 'rejected')
       and not app_private.is_told_of_deadline(v_document.kind, v_document.id) then
      perform app_private.publish(
        case v_document.kind when 'invoice' then 'invoice.tax_deadline_near' else 'credit_note.tax_deadline_near' end,
        v_document.organization_id, v_document.id, v_document.about);
      v_told := v_told + 1;
    end if;
  end loop;
  return v_told;
end;
$$;

comment on function app_hidden.warn_of_tax_deadlines is
  'Publishes invoice.tax_deadline_near and credit_note.tax_deadline_near of what the tax office has not accepted two working days before its '
  'deadline, once each, up to so many; answers how many.';
grant execute on function app_hidden.warn_of_tax_deadlines to app_worker;

reset role;

create or replace function app_private.is_told_of_deadline(kind text, id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_private.events
    where events.subject_id = is_told_of_deadline.id and events.name = is_told_of_deadline.kind || '.tax_deadline_near');
end;

comment on function app_private.is_told_of_deadline is 'Whether it was told that the deadline of a document is near.';
grant execute on function app_private.is_told_of_deadline to app_engine;

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
