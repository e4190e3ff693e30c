-- What was published of a template of documents, for staff; written by publish_pdf_template() and never changed. DOC-01.

select app_private.classify('app_public.pdf_template_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["id", "organization_id", "template_id", "number", "kind", "title", "locale", "editor_state", "layout_config"],
    "operational": ["published_by", "published_at"]}');
select app_private.protect('app_public.pdf_template_versions', engine => 'select, insert');

grant select on app_public.pdf_template_versions to app_member;

create policy pdf_template_versions_select_staff on app_public.pdf_template_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.pdf_template_versions
  for each statement execute function app_private.tg_frozen();
