-- What the total of the provider differs by from the net amount with its tax: shown, never corrected. BIL-03.

create or replace function app_public.invoices_provider_difference(invoice app_public.invoices) returns bigint
language sql stable
set search_path = ''
return (invoice).total_amount - (invoice).net_amount - coalesce((invoice).tax_amount, 0);

comment on function app_public.invoices_provider_difference is
  E'@nullable\nBy how much the provider''s total differs from the net amount with its tax, in minor units: 0 where they agree, null until the provider answered.';
grant execute on function app_public.invoices_provider_difference to app_member;
