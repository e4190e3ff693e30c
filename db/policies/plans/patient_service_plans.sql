-- The plans that patients have: staff with patient_plans.view, and the person. Written by verbs and by time. CAT-04.

select app_private.classify('app_public.patient_service_plans', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "service_plan_id", "source_tier_subscription_id", "telerehab_access", "library_access",
            "grant_period", "grant_quantity", "carry_over_unused", "prorate_on_upgrade", "price_amount", "currency", "starts_at",
            "valid_until", "ended_at", "end_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_service_plans', 'patient_profile_id', 'on_merge_subscriptions');
select app_private.protect('app_public.patient_service_plans', engine => 'select, insert, update');

grant select on app_public.patient_service_plans to app_member;

create policy patient_service_plans_select_staff on app_public.patient_service_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy patient_service_plans_select_person on app_public.patient_service_plans for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
