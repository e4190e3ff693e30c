-- The next number of a kind of document. The row of its series is locked until the transaction ends, so that a number that is given
-- back by a rollback is given to the next one, and none is left out. BIL-02.

create or replace function app_private.next_number(kind text) returns table (series text, number bigint)
language plpgsql volatile
set search_path = ''
as $$
begin
  return query
    update app_private.document_series
    set next_number = document_series.next_number + 1
    where document_series.kind = next_number.kind
    returning document_series.series, document_series.next_number - 1;
end;
$$;

comment on function app_private.next_number is 'Takes the next number of a kind of document: invoice or credit_note.';
grant execute on function app_private.next_number to app_engine;
