-- The platform's specialties are everyone's to read; a clinic adds its own with specialties.manage. SPC-01.

select app_private.classify('app_public.specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "scope_id", "slug", "name", "translations"],
    "operational": ["created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.specialties', 'specialties.manage', 'r.name');
select app_private.protect('app_public.specialties', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select (id, organization_id, slug, name, translations, created_at, updated_at) on app_public.specialties to app_member;
grant insert (organization_id, slug, name, translations),
      update (slug, name, translations)
   on app_public.specialties to app_member;

create policy specialties_select_everyone on app_public.specialties for select to app_member
  using (organization_id is null and deleted_at is null);

create policy specialties_select_staff on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy specialties_select_patient on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and deleted_at is null);

create policy specialties_insert_manager on app_public.specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('specialties.manage'))::uuid[]));

create policy specialties_update_manager on app_public.specialties for update to app_member
  using (organization_id = any ((select app_hidden.rights('specialties.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('specialties.manage'))::uuid[]));

create policy specialties_all_migrator on app_public.specialties for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _150_fixed_id before insert on app_public.specialties
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('slug');
