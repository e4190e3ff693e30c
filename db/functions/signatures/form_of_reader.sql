-- A form, for whoever may see it: staff with forms.view, its patient, and who cares for them. CNS-07, CNS-09.

create or replace function app_private.form_of_reader(form_id uuid) returns app_public.forms
language plpgsql stable
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = form_of_reader.form_id and forms.deleted_at is null
    and (
      app_hidden.has_permission(forms.organization_id, 'forms.view')
      or (forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
          and forms.organization_id = any (app_hidden.current_patient_organization_ids()))
    );
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  return v_form;
end;
$$;

comment on function app_private.form_of_reader is 'A form that the caller may see; NOT_FOUND otherwise.';
grant execute on function app_private.form_of_reader to app_engine;
