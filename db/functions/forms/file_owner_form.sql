-- Files of a form: what its fields of the type file are answered with. FRM-06, FND-13.

create or replace function app_private.file_owner_form(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select forms.organization_id,
         (forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
           and forms.organization_id = any (app_hidden.current_patient_organization_ids()))
           or (forms.id = app_hidden.current_link_form_id()) is true,
         forms.deleted_at is not null
  from app_public.forms
  where forms.id = file_owner_form.id;
end;

comment on function app_private.file_owner_form is
  'A form as the owner of files; the own of its patient and of those who care for the patient.';
grant execute on function app_private.file_owner_form to app_engine;
