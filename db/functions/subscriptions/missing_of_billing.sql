-- What is missing of a clinic's billing details before it can be billed. BIL-10.

create or replace function app_private.missing_of_billing(organization_id uuid) returns text[]
language sql stable
set search_path = ''
begin atomic
  select case when details.organization_id is null
    then '{legalName,street,city,county,country,registrationNumber,taxId,billingEmail}'::text[]
    else array_remove(array[
      case when details.registration_number is null then 'registrationNumber' end,
      case when details.tax_id is null then 'taxId' end], null)
    end
  from (select missing_of_billing.organization_id) as asked (organization_id)
  left join app_public.organization_billing as details on details.organization_id = asked.organization_id;
end;

comment on function app_private.missing_of_billing is 'The names of the billing details that are missing; none when they are complete.';
grant execute on function app_private.missing_of_billing to app_engine;
