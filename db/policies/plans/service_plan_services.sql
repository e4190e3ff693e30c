-- For which services the sessions of a plan are; read by whoever reads the plan. CAT-03.

select app_private.classify('app_public.service_plan_services', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_plan_id", "service_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_plan_services', engine => 'select');

grant select on app_public.service_plan_services to app_member;
grant insert (organization_id, service_plan_id, service_id), delete on app_public.service_plan_services to app_member;

create policy service_plan_services_select_staff on app_public.service_plan_services for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plan_services_select_patient on app_public.service_plan_services for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and service_plan_id in (select service_plans.id from app_public.service_plans));

create policy service_plan_services_insert_manager on app_public.service_plan_services for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_services_delete_manager on app_public.service_plan_services for delete to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_plan_services
  for each row execute function app_private.tg_clinic_of('app_public.service_plans', 'service_plan_id');
