-- What patients subscribe to: staff with patient_plans.view, and the person. Written by verbs and by time. FND-21.

select app_private.classify('app_public.patient_subscriptions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "month", "period_month", "settle_at", "created_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "tier_id", "status", "billing_period", "anchor_on", "period_starts_at", "period_ends_at",
            "trial_ends_at", "ends_at", "status_reason", "ended_at"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_subscriptions', 'patient_profile_id', 'on_merge_subscriptions');
select app_private.protect('app_public.patient_subscriptions', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, tier_id, status, billing_period, anchor_on, period_starts_at, period_ends_at,
              trial_ends_at, ends_at, status_reason, ended_at, created_by, created_at, updated_at)
   on app_public.patient_subscriptions to app_member;

create policy patient_subscriptions_select_staff on app_public.patient_subscriptions for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy patient_subscriptions_select_person on app_public.patient_subscriptions for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
