-- Who takes what a clinic pays the platform: who was chosen for it, else the platform's default. BIL-04.

create or replace function app_private.payment_provider_of(organization_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    (select choice.provider from app_public.organization_service_providers as choice
     where choice.organization_id = payment_provider_of.organization_id and choice.capability = 'payment'),
    (select offer.provider from app_public.platform_service_providers as offer
     where offer.capability = 'payment' and offer.is_default));
end;

comment on function app_private.payment_provider_of is 'Who takes what a clinic pays the platform.';
grant execute on function app_private.payment_provider_of to app_engine;
