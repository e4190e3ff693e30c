-- The numbers of the series of this server: none is left out and none given twice, whichever clinic has it. BIL-02, BIL-07.
-- Of clinics that moved away the numbers went along: those are told, too, and explained by the move (0064).

create or replace function app_private.verify_numbers()
returns table (series text, missing bigint)
language sql stable
set search_path = ''
as $$
  select document_series.series, wanted.number
  from app_private.document_series
  cross join lateral generate_series(1, document_series.next_number - 1) as wanted (number)
  where not exists (
    select from app_public.invoices where invoices.series = document_series.series and invoices.number = wanted.number
    union all
    select from app_public.credit_notes where credit_notes.series = document_series.series and credit_notes.number = wanted.number)
$$;

comment on function app_private.verify_numbers is 'The numbers of this server''s series that no document has.';
grant execute on function app_private.verify_numbers to app_engine;
