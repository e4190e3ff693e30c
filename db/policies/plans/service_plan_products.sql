-- Bundles; read by whoever reads the plan. CAT-07.

select app_private.classify('app_public.service_plan_products', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_plan_id", "product_id", "quantity"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.service_plan_products', engine => 'select');

grant select on app_public.service_plan_products to app_member;
grant insert (organization_id, service_plan_id, product_id, quantity),
      update (quantity), delete
   on app_public.service_plan_products to app_member;

create policy service_plan_products_select_staff on app_public.service_plan_products for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plan_products_select_patient on app_public.service_plan_products for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and service_plan_id in (select service_plans.id from app_public.service_plans));

create policy service_plan_products_insert_manager on app_public.service_plan_products for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_products_update_manager on app_public.service_plan_products for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_products_delete_manager on app_public.service_plan_products for delete to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_plan_products
  for each row execute function app_private.tg_clinic_of('app_public.service_plans', 'service_plan_id');
