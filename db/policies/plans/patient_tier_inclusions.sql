-- What a tier brings: edited with patient_tiers.manage, read by whoever reads the tier. CAT-05.

select app_private.classify('app_public.patient_tier_inclusions', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "tier_id", "service_plan_id", "grant_period", "grant_quantity", "carry_over_unused",
               "prorate_on_upgrade"],
    "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.patient_tier_inclusions', engine => 'select');

grant select on app_public.patient_tier_inclusions to app_member;
grant insert (organization_id, tier_id, service_plan_id, grant_period, grant_quantity, carry_over_unused, prorate_on_upgrade),
      update (grant_period, grant_quantity, carry_over_unused, prorate_on_upgrade), delete
   on app_public.patient_tier_inclusions to app_member;

create policy patient_tier_inclusions_select_staff on app_public.patient_tier_inclusions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy patient_tier_inclusions_select_patient on app_public.patient_tier_inclusions for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and tier_id in (select patient_tiers.id from app_public.patient_tiers));

create policy patient_tier_inclusions_insert_manager on app_public.patient_tier_inclusions for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create policy patient_tier_inclusions_update_manager on app_public.patient_tier_inclusions for update to app_member
  using (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create policy patient_tier_inclusions_delete_manager on app_public.patient_tier_inclusions for delete to app_member
  using (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.patient_tier_inclusions
  for each row execute function app_private.tg_clinic_of('app_public.patient_tiers', 'tier_id');
