-- Which version of each component a published template has, for staff; never changed. DOC-01.

select app_private.classify('app_public.pdf_template_version_components', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["organization_id", "version_id", "component_id", "component_version_id"]}');
select app_private.protect('app_public.pdf_template_version_components', engine => 'select, insert');

grant select on app_public.pdf_template_version_components to app_member;

create policy pdf_template_version_components_select_staff on app_public.pdf_template_version_components for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.pdf_template_version_components
  for each statement execute function app_private.tg_frozen();
