-- Staff see all, patients of the clinic the active ones, guests only through `clinic_by_slug`. CAT-01, SPC-05.

alter table app_public.services enable row level security;
alter table app_public.services force row level security;

grant select on app_public.services to app_member;

grant insert (organization_id, name, description, translations, duration_minutes, price_amount, currency, modality, is_active),
      update (name, description, translations, duration_minutes, price_amount, currency, modality, is_active)
   on app_public.services to app_member;

drop policy if exists services_select_staff on app_public.services;
create policy services_select_staff on app_public.services
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists services_select_patient on app_public.services;
create policy services_select_patient on app_public.services
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and is_active and deleted_at is null);

drop policy if exists services_insert_manager on app_public.services;
create policy services_insert_manager on app_public.services
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

drop policy if exists services_update_manager on app_public.services;
create policy services_update_manager on app_public.services
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

grant select on app_public.services to app_engine;
drop policy if exists services_select_engine on app_public.services;
create policy services_select_engine on app_public.services
  for select to app_engine
  using (true);

grant update (deleted_at) on app_public.services to app_engine;
drop policy if exists services_update_engine on app_public.services;
create policy services_update_engine on app_public.services
  for update to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of name on app_public.services
  for each row execute function app_private.tg_read_facts('name name');

create or replace trigger _100_stamp before insert or update on app_public.services
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.services', 'clinic',
  '{"public": ["id", "organization_id", "name", "description", "translations", "duration_minutes",
               "price_amount", "currency", "modality"],
    "operational": ["is_active", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.services', 'services.manage', 'r.name');
