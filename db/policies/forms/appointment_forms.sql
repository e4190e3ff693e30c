-- Which forms an appointment asks for: the patient, and staff with forms.view. Written by ask_forms(). FRM-08.

select app_private.classify('app_public.appointment_forms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "created_at"], "phi": ["appointment_id", "template_id", "form_id"]}');
select app_private.protect('app_public.appointment_forms', engine => 'select, insert, update, delete');

grant select on app_public.appointment_forms to app_member;

create policy appointment_forms_select_staff on app_public.appointment_forms for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = appointment_forms.form_id)
  );

create policy appointment_forms_select_patient on app_public.appointment_forms for select to app_member
  using (
    form_id in (
      select forms.id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
