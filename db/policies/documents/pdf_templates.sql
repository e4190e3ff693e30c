-- Staff read the clinic's templates of documents, document_templates.manage edits them. DOC-01.

select app_private.classify('app_public.pdf_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "kind", "title", "locale", "editor_state", "layout_config"],
    "operational": ["version", "revision", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.pdf_templates', engine => 'select, insert, update', facts => '{name title}');

grant select on app_public.pdf_templates to app_member;
grant insert (organization_id, key, kind, title, locale, editor_state, layout_config),
      update (title, locale, editor_state, layout_config, published, revision)
   on app_public.pdf_templates to app_member;

create policy pdf_templates_select_staff on app_public.pdf_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy pdf_templates_insert_manager on app_public.pdf_templates for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create policy pdf_templates_update_manager on app_public.pdf_templates for update to app_member
  using (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create or replace trigger _200_revision before update of title, locale, editor_state, layout_config, revision on app_public.pdf_templates
  for each row execute function app_private.tg_revision();
create or replace trigger _300_check before insert or update of key, kind, editor_state, layout_config on app_public.pdf_templates
  for each row execute function app_private.tg_pdf_templates__check();
