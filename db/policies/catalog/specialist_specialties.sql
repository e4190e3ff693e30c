-- Part of the listing: staff and patients of the clinic. SPC-03, SPC-05.

select app_private.classify('app_public.specialist_specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "specialist_id", "specialty_id", "specialty_scope_id"],
    "operational": ["created_at"]}');
select app_private.protect('app_public.specialist_specialties', engine => 'select');

grant select (organization_id, specialist_id, specialty_id, created_at) on app_public.specialist_specialties to app_member;
grant insert (organization_id, specialist_id, specialty_id), delete on app_public.specialist_specialties to app_member;

create policy specialist_specialties_select_staff on app_public.specialist_specialties for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_specialties_select_patient on app_public.specialist_specialties for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy specialist_specialties_insert_manager on app_public.specialist_specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create policy specialist_specialties_delete_manager on app_public.specialist_specialties for delete to app_member
  using (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create or replace trigger _150_scope before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_specialist_specialties__scope();

create or replace trigger _010_clinic before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
