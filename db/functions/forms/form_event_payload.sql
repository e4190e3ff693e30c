-- What every event about a form says: whose, of which template, for which appointment. Nothing of what was answered. FRM-07.

create or replace function app_private.form_event_payload(form app_public.forms) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'formId', (form).id, 'patientId', (form).patient_id, 'patientProfileId', (form).patient_profile_id,
  'templateId', (form).template_id, 'versionId', (form).version_id, 'appointmentId', (form).appointment_id));

comment on function app_private.form_event_payload is 'The payload of form.created, form.completed, form.reopened, form.cancelled and form.signed.';
grant execute on function app_private.form_event_payload to app_engine;
