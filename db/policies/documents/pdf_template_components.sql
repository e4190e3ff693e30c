-- Staff read the clinic's letterheads, footers and signatures of documents, document_templates.manage edits them. DOC-01.

select app_private.classify('app_public.pdf_template_components', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "kind", "title", "editor_state"],
    "operational": ["version", "revision", "created_at", "updated_at"]}');
select app_private.protect('app_public.pdf_template_components', engine => 'select, insert, update', facts => '{name title}');

grant select on app_public.pdf_template_components to app_member;
grant insert (organization_id, key, kind, title, editor_state),
      update (title, editor_state, revision)
   on app_public.pdf_template_components to app_member;

create policy pdf_template_components_select_staff on app_public.pdf_template_components for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy pdf_template_components_insert_manager on app_public.pdf_template_components for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create policy pdf_template_components_update_manager on app_public.pdf_template_components for update to app_member
  using (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create or replace trigger _200_revision before update of title, editor_state, revision on app_public.pdf_template_components
  for each row execute function app_private.tg_revision();
create or replace trigger _300_check before insert or update of key, kind, editor_state on app_public.pdf_template_components
  for each row execute function app_private.tg_pdf_templates__check();

create or replace trigger _700_version after insert on app_public.pdf_template_components
  for each row execute function app_private.tg_pdf_template_components__version();
create or replace trigger _700_version_again after update of editor_state on app_public.pdf_template_components
  for each row when (old.version <> new.version) execute function app_private.tg_pdf_template_components__version();
