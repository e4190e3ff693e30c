-- How much is left: the balance of the last entry, found by its key however many there are. CAT-04.

create or replace function app_public.patient_entitlements_balance(entitlement app_public.patient_entitlements) returns int
language sql stable
set search_path = ''
return coalesce((
  select entitlement_entries.balance
  from app_public.entitlement_entries
  where entitlement_entries.organization_id = (entitlement).organization_id
    and entitlement_entries.patient_entitlement_id = (entitlement).id
  order by entitlement_entries.number desc
  limit 1), 0);

comment on function app_public.patient_entitlements_balance is 'How many are left, whether or not the plan is open.';
grant execute on function app_public.patient_entitlements_balance to app_member, app_engine;
