-- What was published, for staff, and for patients whom it was asked; written by publish_form_template() and never changed. FRM-02.

select app_private.classify('app_public.form_template_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["id", "organization_id", "template_id", "number", "content", "content_hash", "field_types", "signature_mode",
               "link_inner_mode", "link_expires_minutes", "validity_months", "pdf_version_id"],
    "operational": ["published_by", "published_at"]}');
select app_private.protect('app_public.form_template_versions', engine => 'select, insert');

grant select (id, organization_id, template_id, number, content, field_types, signature_mode, link_inner_mode,
              link_expires_minutes, validity_months, pdf_version_id, published_by, published_at)
   on app_public.form_template_versions to app_member;

create policy form_template_versions_select_staff on app_public.form_template_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_template_versions_select_patient on app_public.form_template_versions for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and id in (
      select forms.version_id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_template_versions
  for each statement execute function app_private.tg_frozen();
