-- Called in the transaction in which an invoice is issued, paid, credited or written off. BIL-05.

create or replace function app_private.invoice_changed(organization_id uuid, invoice_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  return;
end;
$$;

comment on function app_private.invoice_changed is 'Brings the subscription in line with what is unpaid.';
grant execute on function app_private.invoice_changed to app_engine;
