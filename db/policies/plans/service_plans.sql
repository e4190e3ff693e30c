-- What a clinic sells: staff all, its patients what is sold and what they have. CAT-03.

select app_private.classify('app_public.service_plans', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "plan_type", "sessions_total", "validity_days",
               "telerehab_access", "library_access", "price_amount", "currency"],
    "operational": ["is_active", "created_at", "updated_at"]}');
select app_private.protect('app_public.service_plans', engine => 'select', facts => '{name name}');

grant select on app_public.service_plans to app_member;
grant insert (organization_id, name, description, translations, plan_type, sessions_total, validity_days, telerehab_access, library_access, price_amount, currency, is_active),
      update (name, description, translations, plan_type, sessions_total, validity_days, telerehab_access, library_access, price_amount, currency, is_active)
   on app_public.service_plans to app_member;

create policy service_plans_select_staff on app_public.service_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plans_select_patient on app_public.service_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and (is_active or id in (
           select mine.service_plan_id from app_public.patient_service_plans as mine
           where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))));

create policy service_plans_insert_manager on app_public.service_plans for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plans_update_manager on app_public.service_plans for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));
