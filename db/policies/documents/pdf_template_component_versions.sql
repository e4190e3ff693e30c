-- What a component of documents said from a save on, for staff; never changed. DOC-01.

select app_private.classify('app_public.pdf_template_component_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["id", "organization_id", "component_id", "number", "editor_state"],
    "operational": ["saved_by", "saved_at"]}');
select app_private.protect('app_public.pdf_template_component_versions', engine => 'select, insert');

grant select on app_public.pdf_template_component_versions to app_member;

create policy pdf_template_component_versions_select_staff on app_public.pdf_template_component_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.pdf_template_component_versions
  for each statement execute function app_private.tg_frozen();
