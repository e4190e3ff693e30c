-- Progress: how many were used, less what was given back, since the plan began. CAT-04.

create or replace function app_public.patient_entitlements_used(entitlement app_public.patient_entitlements) returns int
language sql stable
set search_path = ''
return coalesce((
  select -sum(entitlement_entries.quantity)::int
  from app_public.entitlement_entries
  where entitlement_entries.organization_id = (entitlement).organization_id
    and entitlement_entries.patient_entitlement_id = (entitlement).id
    and entitlement_entries.entry in ('debit', 'restore')), 0);

comment on function app_public.patient_entitlements_used is 'How many were used, since the plan began.';
grant execute on function app_public.patient_entitlements_used to app_member;
