-- Readable where the form is: staff with forms.view, its patient and those who care for them. Made once and never changed. DOC-05.

select app_private.classify('app_public.form_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "requested_by", "created_at"], "phi": ["form_id", "version_id", "title"]}');
select app_private.protect('app_public.form_documents', engine => 'select, insert');

grant select on app_public.form_documents to app_member;

create policy form_documents_select_staff on app_public.form_documents for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_documents.form_id)
  );

create policy form_documents_select_patient on app_public.form_documents for select to app_member
  using (
    form_id in (
      select forms.id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_documents
  for each statement execute function app_private.tg_frozen();
