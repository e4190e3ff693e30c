-- Who can provide what: staff and patients of the clinic. CAT-02, SPC-05.

select app_private.classify('app_public.service_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_id", "specialist_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_specialists', engine => 'select');

grant select on app_public.service_specialists to app_member;
grant insert (organization_id, service_id, specialist_id), delete on app_public.service_specialists to app_member;

create policy service_specialists_select_staff on app_public.service_specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_specialists_select_patient on app_public.service_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and service_id in (select services.id from app_public.services)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy service_specialists_insert_manager on app_public.service_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create policy service_specialists_delete_manager on app_public.service_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_specialists
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
