-- What a plan counts beside sessions; read by whoever reads the plan. CAT-03.

select app_private.classify('app_public.service_plan_counters', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_plan_id", "kind", "total"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.service_plan_counters', engine => 'select');

grant select on app_public.service_plan_counters to app_member;
grant insert (organization_id, service_plan_id, kind, total),
      update (total), delete
   on app_public.service_plan_counters to app_member;

create policy service_plan_counters_select_staff on app_public.service_plan_counters for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plan_counters_select_patient on app_public.service_plan_counters for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and service_plan_id in (select service_plans.id from app_public.service_plans));

create policy service_plan_counters_insert_manager on app_public.service_plan_counters for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_counters_update_manager on app_public.service_plan_counters for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_counters_delete_manager on app_public.service_plan_counters for delete to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_plan_counters
  for each row execute function app_private.tg_clinic_of('app_public.service_plans', 'service_plan_id');
