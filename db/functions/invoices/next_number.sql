-- The next number of a kind of document. The row of its series is locked until the transaction ends: whoever takes the next waits, and
-- a number that is taken back leaves no gap. BIL-02, 0064.
-- A server that numbers for the first time makes up a series of its own; a superadmin may set another.

create or replace function app_private.next_number(kind text, out series text, out number bigint)
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_private.document_series set next_number = document_series.next_number + 1
  where document_series.kind = next_number.kind and document_series.is_current
  returning document_series.series, document_series.next_number - 1 into series, number;
  if not found then
    insert into app_private.document_series (series, kind)
    values (
      case next_number.kind when 'credit_note' then 'RXC' else 'RX' end
        || lpad((('x' || encode(extensions.gen_random_bytes(4), 'hex'))::bit(32)::bigint % 1000000)::text, 6, '0'),
      next_number.kind)
    on conflict do nothing;
    select taken.series, taken.number into series, number from app_private.next_number(next_number.kind) as taken;
  end if;
end;
$$;

comment on function app_private.next_number is
  'Takes the next number of the current series of this server for a kind of document, "invoice" or "credit_note".';
grant execute on function app_private.next_number to app_engine;
