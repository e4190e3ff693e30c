-- The platform's specialties are everyone's to read; a clinic adds its own with specialties.manage. SPC-01.

alter table app_public.specialties enable row level security;
alter table app_public.specialties force row level security;

grant select (id, organization_id, slug, name, translations, created_at, updated_at) on app_public.specialties to app_member;

grant insert (organization_id, slug, name, translations),
      update (slug, name, translations)
   on app_public.specialties to app_member;
revoke delete on app_public.specialties from app_member;

drop policy if exists specialties_select_everyone on app_public.specialties;
create policy specialties_select_everyone on app_public.specialties
  for select to app_member
  using (organization_id is null and deleted_at is null);

drop policy if exists specialties_select_staff on app_public.specialties;
create policy specialties_select_staff on app_public.specialties
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialties_select_patient on app_public.specialties;
create policy specialties_select_patient on app_public.specialties
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialties_insert_manager on app_public.specialties;
create policy specialties_insert_manager on app_public.specialties
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

drop policy if exists specialties_update_manager on app_public.specialties;
create policy specialties_update_manager on app_public.specialties
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

drop policy if exists specialties_delete_manager on app_public.specialties;

grant select on app_public.specialties to app_engine;
drop policy if exists specialties_select_engine on app_public.specialties;
create policy specialties_select_engine on app_public.specialties
  for select to app_engine
  using (true);

grant update (deleted_at) on app_public.specialties to app_engine;
drop policy if exists specialties_update_engine on app_public.specialties;
create policy specialties_update_engine on app_public.specialties
  for update to app_engine
  using (true)
  with check (true);

drop policy if exists specialties_all_migrator on app_public.specialties;
create policy specialties_all_migrator on app_public.specialties
  for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _050_read_facts before insert or update of name on app_public.specialties
  for each row execute function app_private.tg_read_facts('name name');

create or replace trigger _100_stamp before insert or update on app_public.specialties
  for each row execute function app_private.tg_stamp();

create or replace trigger _150_fixed_id before insert on app_public.specialties
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('slug');

select app_private.classify('app_public.specialties', 'clinic',
  '{"public": ["id", "organization_id", "scope_id", "slug", "name", "translations"],
    "operational": ["created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.specialties', 'specialties.manage', 'r.name');
