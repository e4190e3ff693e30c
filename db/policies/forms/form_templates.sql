-- Staff read the clinic's templates, form_templates.manage edits them; patients those that they have a form of, without the draft,
-- which form_template_draft() shows to staff. FRM-02.

select app_private.classify('app_public.form_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "name", "kind", "content", "signature_mode",
               "link_inner_mode", "link_expires_minutes", "validity_months", "licence", "pdf_template_id"],
    "operational": ["version", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.form_templates', engine => 'select, insert, update', facts => '{name name}');

grant select (id, organization_id, key, name, kind, signature_mode, link_inner_mode, link_expires_minutes, validity_months,
              licence, pdf_template_id, version, published, created_at, updated_at)
   on app_public.form_templates to app_member;
grant insert (organization_id, key, name, kind, content, signature_mode, link_inner_mode,
              link_expires_minutes, validity_months, licence, pdf_template_id),
      update (name, kind, content, signature_mode, link_inner_mode, link_expires_minutes,
              validity_months, licence, pdf_template_id, published)
   on app_public.form_templates to app_member;

create policy form_templates_select_staff on app_public.form_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_templates_select_patient on app_public.form_templates for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and id in (
      select forms.template_id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create policy form_templates_insert_manager on app_public.form_templates for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy form_templates_update_manager on app_public.form_templates for update to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of key, content on app_public.form_templates
  for each row execute function app_private.tg_form_templates__check();
