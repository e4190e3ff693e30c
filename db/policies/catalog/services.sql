-- Staff see all, patients of the clinic the active ones, guests only through `clinic_by_slug`. CAT-01, SPC-05.

select app_private.classify('app_public.services', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "duration_minutes",
               "price_amount", "currency", "modality"],
    "operational": ["is_active", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.services', 'services.manage', 'r.name');
select app_private.protect('app_public.services', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.services to app_member;
grant insert (organization_id, name, description, translations, duration_minutes, price_amount, currency, modality, is_active),
      update (name, description, translations, duration_minutes, price_amount, currency, modality, is_active)
   on app_public.services to app_member;

create policy services_select_staff on app_public.services for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy services_select_patient on app_public.services for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and is_active and deleted_at is null);

create policy services_insert_manager on app_public.services for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create policy services_update_manager on app_public.services for update to app_member
  using (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));
