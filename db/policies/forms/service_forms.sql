-- Which forms every appointment of a service asks for: staff see it, services.manage edits it. FRM-08.

select app_private.classify('app_public.service_forms', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_id", "template_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_forms', engine => 'select');

grant select on app_public.service_forms to app_member;
grant insert (organization_id, service_id, template_id), delete on app_public.service_forms to app_member;

create policy service_forms_select_staff on app_public.service_forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_forms_insert_manager on app_public.service_forms for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create policy service_forms_delete_manager on app_public.service_forms for delete to app_member
  using (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_forms
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
