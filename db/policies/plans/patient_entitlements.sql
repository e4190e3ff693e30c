-- What may be used of each kind: staff with patient_plans.view, and the person. Written by functions of the ledger. CAT-04.

select app_private.classify('app_public.patient_entitlements', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "accrued_before", "granted", "from_month", "to_month", "created_at", "updated_at"],
    "phi": ["patient_service_plan_id", "kind", "per_period", "period_starts_at", "period_ends_at"]}');
select app_private.protect('app_public.patient_entitlements', engine => 'select, insert, update');

-- Whole rows, since balance and progress are asked of a row; the API does not show how periods are reckoned.
grant select on app_public.patient_entitlements to app_member;

create policy patient_entitlements_select_staff on app_public.patient_entitlements for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy patient_entitlements_select_person on app_public.patient_entitlements for select to app_member
  using (
    patient_service_plan_id in (
      select mine.id from app_public.patient_service_plans as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
