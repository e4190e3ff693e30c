-- require_form: the clinic books nothing for the patient until they completed a form. AUT-02.

create or replace function app_private.act_require_form(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_template_id uuid := (step.config ->> 'templateId')::uuid;
  v_form app_public.forms;
  v_id uuid;
begin
  if app_private.form_counts(v_patient, v_template_id) then
    return app_private.acted('skipped', 'form_stands');
  elsif exists (
    select from app_public.patient_requirements as required
    join app_public.forms
      on forms.organization_id = required.organization_id and forms.id = required.form_id and forms.deleted_at is null
    where required.organization_id = step.organization_id and required.patient_profile_id = step.patient_profile_id
      and required.template_id = v_template_id and required.fulfilled_at is null and required.lifted_at is null
  ) then
    return app_private.acted('skipped', 'asked_already');
  end if;
  v_form := app_private.form_ahead(v_patient, v_template_id);
  v_id := app_private.ask_of_patient(step, v_template_id, null, v_form.id);
  perform app_private.tell_what_is_asked(step, app_private.title_of_form(v_form), v_form.id);
  return app_private.acted('done', null, jsonb_build_object('formId', v_form.id, 'patientRequirementId', v_id));
end;
$$;

comment on function app_private.act_require_form is 'Makes a form for the patient, which keeps them from being booked until it is final.';
grant execute on function app_private.act_require_form to app_engine;

create or replace function app_private.check_require_form(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.templateId', 'form_template_not_found', '{}'::jsonb
  where not exists (
    select from app_public.form_templates
    where form_templates.organization_id = check_require_form.organization_id
      and form_templates.id = (check_require_form.config ->> 'templateId')::uuid and form_templates.published);
end;

comment on function app_private.check_require_form is 'A template that is published by this clinic. suggest_form asks the same.';
grant execute on function app_private.check_require_form to app_engine;

-- Whether a form of the template is final and counts today.
create or replace function app_private.form_counts(patient app_public.patients, template_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.forms
    join app_public.form_template_versions as versions
      on versions.organization_id = forms.organization_id and versions.id = forms.version_id
    where forms.organization_id = (patient).organization_id and forms.patient_id = (patient).id
      and forms.template_id = form_counts.template_id
      and (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none')
      and forms.valid_until > app_hidden.now() and forms.deleted_at is null);
end;

comment on function app_private.form_counts is 'Whether the patient has a final form of this template that is valid now.';
grant execute on function app_private.form_counts to app_engine;

-- One that is open already serves, so nobody is asked the same twice.
create or replace function app_private.form_ahead(patient app_public.patients, template_id uuid) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.organization_id = patient.organization_id and forms.patient_id = patient.id
    and forms.template_id = form_ahead.template_id and forms.status in ('pending', 'in_progress') and forms.deleted_at is null
  order by forms.created_at desc, forms.id desc
  limit 1;
  if found then
    return v_form;
  end if;
  return app_private.make_form(
    patient.organization_id, patient.patient_profile_id, form_ahead.template_id,
    (select patient_profiles.locale from app_public.patient_profiles where patient_profiles.id = patient.patient_profile_id),
    is_ahead => true);
end;
$$;

comment on function app_private.form_ahead is 'The open form of a template that the patient has, or one that is made for them.';
grant execute on function app_private.form_ahead to app_engine;

create or replace function app_private.title_of_form(form app_public.forms) returns text
language sql stable
set search_path = ''
begin atomic
  select form_templates.name from app_public.form_templates
  where form_templates.organization_id = (form).organization_id and form_templates.id = (form).template_id;
end;

comment on function app_private.title_of_form is 'What a form is called.';
grant execute on function app_private.title_of_form to app_engine;

create or replace function app_private.tell_what_is_asked(step app_private.action_step, what text, form_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.notify(
    (step).organization_id, 'patient_asked',
    jsonb_build_object('what', what, 'asked', app_private.asked_as(step, tell_what_is_asked.form_id)),
    patient_profile_id => (step).patient_profile_id)
$$;

comment on function app_private.tell_what_is_asked is 'Tells a patient, or who cares for them, what the clinic asks for: a form, or where it is null a consent of their own.';
grant execute on function app_private.tell_what_is_asked to app_engine;
