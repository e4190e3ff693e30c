-- A form as it is made, by staff or with an appointment: the version that is published now, and what is known already, each
-- answer with where it came from. FRM-04, FRM-05.

create or replace function app_private.make_form(
  organization_id uuid,
  patient_profile_id uuid,
  template_id uuid,
  locale text,
  appointment_id uuid default null,
  amends_form_id uuid default null,
  is_ahead boolean default false
) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.form_template_versions;
  v_prefill jsonb;
  v_form app_public.forms;
begin
  select versions.* into v_version
  from app_public.form_templates
  join app_public.form_template_versions as versions
    on versions.organization_id = form_templates.organization_id and versions.template_id = form_templates.id
    and versions.number = form_templates.version
  where form_templates.organization_id = make_form.organization_id and form_templates.id = make_form.template_id
    and form_templates.published;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_template_not_found');
  end if;

  v_prefill := app_private.form_prefill(make_form.organization_id, make_form.patient_profile_id, v_version.content);
  insert into app_public.forms
    (organization_id, patient_id, patient_profile_id, template_id, version_id, appointment_id, amends_form_id, is_ahead, snapshot, locale,
     prefill, answers, created_by)
  select patients.organization_id, patients.id, patients.patient_profile_id, v_version.template_id, v_version.id,
         make_form.appointment_id, make_form.amends_form_id, make_form.is_ahead, v_version.content, make_form.locale, v_prefill,
         (select coalesce(jsonb_object_agg(known.key, known.value -> 'value'), '{}') from jsonb_each(v_prefill) as known),
         app_private.current_actor_id()
  from app_public.patients
  where patients.organization_id = make_form.organization_id and patients.patient_profile_id = make_form.patient_profile_id
  returning * into v_form;
  return v_form;
end;
$$;

comment on function app_private.make_form is
  'Makes a form of the published version of a template for a patient; NOT_FOUND form_template_not_found where none is published.';
grant execute on function app_private.make_form to app_engine;

-- What the profile and the clinic's own fields know, where it would be taken as an answer.
create or replace function app_private.form_prefill(organization_id uuid, patient_profile_id uuid, content jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    jsonb_object_agg(linked.item ->> 'key', jsonb_build_object('value', linked.value, 'source', linked.source, 'field', linked.field)),
    '{}')
  from (
    select listed.item, 'profile' as source, listed.item ->> 'profile_field' as field,
           to_jsonb(patient_profiles) -> (listed.item ->> 'profile_field') as value
    from app_private.form_items(form_prefill.content) as listed (item)
    join app_public.patient_profiles on patient_profiles.id = form_prefill.patient_profile_id
    where listed.item ? 'profile_field'
    union all
    select listed.item, 'custom_field', listed.item ->> 'custom_field', custom_field_values.value
    from app_private.form_items(form_prefill.content) as listed (item)
    join app_public.custom_fields
      on custom_fields.organization_id = form_prefill.organization_id and custom_fields.entity_type = 'patient'
      and custom_fields.system_key = listed.item ->> 'custom_field'
    join app_public.custom_field_values
      on custom_field_values.organization_id = custom_fields.organization_id
      and custom_field_values.custom_field_id = custom_fields.id
      and custom_field_values.patient_profile_id = form_prefill.patient_profile_id
    where listed.item ? 'custom_field'
  ) as linked
  where jsonb_typeof(linked.value) <> 'null'
    and (app_private.answer_problem(linked.item, linked.item ->> 'type', linked.value)).reason is null;
end;

comment on function app_private.form_prefill is
  'By key of a field: the value that is known already, its source (profile or custom_field), and the field there.';
grant execute on function app_private.form_prefill to app_engine;
