-- What a clinic hands out or sells: staff all, its patients what is offered. CAT-07.

select app_private.classify('app_public.products', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "price_amount", "currency"],
    "operational": ["is_active", "created_at", "updated_at"]}');
select app_private.protect('app_public.products', engine => 'select', facts => '{name name}');

grant select on app_public.products to app_member;
grant insert (organization_id, name, description, translations, price_amount, currency, is_active),
      update (name, description, translations, price_amount, currency, is_active)
   on app_public.products to app_member;

create policy products_select_staff on app_public.products for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy products_select_patient on app_public.products for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and is_active);

create policy products_insert_manager on app_public.products for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy products_update_manager on app_public.products for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));
