-- An invoice was issued, paid, credited or written off, or a try to take its money failed: its clinic's subscription follows. BIL-05.

create or replace function app_private.invoice_changed(organization_id uuid, invoice_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  return;
end;
$$;

comment on function app_private.invoice_changed is 'What follows for the subscription of a clinic from a change of one of its invoices.';
grant execute on function app_private.invoice_changed to app_engine;
