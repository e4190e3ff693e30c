-- Staff give a patient a form, by itself or as the correction of a signed one. FRM-04.

set role app_engine;

create or replace function app_public.create_form(
  patient_id uuid,
  template_id uuid,
  appointment_id uuid default null,
  amends_form_id uuid default null,
  locale text default null
) returns app_public.forms
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_profile_locale text;
  v_amended app_public.forms;
  v_form app_public.forms;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.id = create_form.patient_id and patients.deleted_at is null
    and patients.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'forms.fill');
  perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);

  if create_form.appointment_id is not null and not exists (
    select from app_public.appointments
    where appointments.id = create_form.appointment_id and appointments.organization_id = v_patient.organization_id
      and appointments.patient_profile_id = v_patient.patient_profile_id and appointments.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  if create_form.amends_form_id is not null then
    select forms.* into v_amended
    from app_public.forms
    where forms.id = create_form.amends_form_id and forms.organization_id = v_patient.organization_id
      and forms.patient_id = v_patient.id and forms.template_id = create_form.template_id and forms.deleted_at is null;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
    elsif v_amended.status <> 'signed' then
      perform app_hidden.refuse('STATE', 'only_signed_forms_are_amended', jsonb_build_object('formId', v_amended.id, 'status', v_amended.status));
    end if;
  end if;

  select patient_profiles.locale into strict v_profile_locale
  from app_public.patient_profiles where patient_profiles.id = v_patient.patient_profile_id;
  v_form := app_private.make_form(
    v_patient.organization_id, v_patient.patient_profile_id, create_form.template_id, coalesce(create_form.locale, v_profile_locale),
    create_form.appointment_id, create_form.amends_form_id);
  if v_form.appointment_id is not null then
    insert into app_public.appointment_forms (organization_id, appointment_id, template_id, form_id)
    values (v_form.organization_id, v_form.appointment_id, v_form.template_id, v_form.id)
    on conflict on constraint appointment_forms_pkey do update set form_id = excluded.form_id;
  end if;
  return v_form;
end;
$$;

comment on function app_public.create_form is
  E'@arg appointmentId The appointment that it is for; none without.\n'
  '@arg amendsFormId The signed form of the same template that it corrects.\n'
  'Gives a patient a form of the published version of a template, with what is known already filled in. Needs forms.fill.';
grant execute on function app_public.create_form to app_member;

reset role;
