-- suggest_form: a form is there for the patient, who is told; nothing waits for it. AUT-02.

create or replace function app_private.act_suggest_form(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_template_id uuid := (step.config ->> 'templateId')::uuid;
  v_form app_public.forms;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  elsif app_private.form_counts(v_patient, v_template_id) then
    return app_private.acted('skipped', 'form_stands');
  end if;
  v_form := app_private.form_ahead(v_patient, v_template_id);
  perform app_private.tell_what_is_asked(step, app_private.title_of_form(v_form), v_form.id);
  return app_private.acted('done', null, jsonb_build_object('formId', v_form.id));
end;
$$;

comment on function app_private.act_suggest_form is 'Makes a form for the patient and tells them of it.';
grant execute on function app_private.act_suggest_form to app_engine;
