-- require_consent: the clinic books nothing for the patient until a consent stands; or asks for it, and nothing waits for it. AUT-02,
-- CNS-08.
-- Where only a signed form gives it, that form is made for the patient.

create or replace function app_private.act_require_consent(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_purpose text := step.config ->> 'purpose';
  v_missing record;
  v_template_id uuid;
  v_form_id uuid;
  v_id uuid;
begin
  select missing.* into v_missing
  from app_private.missing_consents(step.organization_id, v_patient.id, array[v_purpose]) as missing;
  if not found then
    if exists (select from app_private.check_require_consent(step.organization_id, step.config)) then
      return app_private.acted('failed', 'consent_purpose_not_found');
    end if;
    return app_private.acted('skipped', 'consent_stands');
  end if;
  v_id := app_private.ask_of_patient(
    step, null, v_purpose, is_blocking => coalesce((step.config -> 'isBlocking')::boolean, true));
  if v_id is null then
    return app_private.acted('skipped', 'asked_already');
  end if;
  if v_missing.is_medical then
    v_form_id := app_private.form_that_captures(step.organization_id, v_patient.id, v_missing.version_id);
    v_template_id := app_private.template_that_captures(step.organization_id, v_missing.version_id);
    if v_form_id is null and v_template_id is not null then
      v_form_id := (app_private.form_ahead(v_patient, v_template_id)).id;
    end if;
  end if;
  perform app_private.tell_what_is_asked(step, (
    select case patient_profiles.locale when 'en' then coalesce(versions.title_en, versions.title_ro) else versions.title_ro end
    from app_public.consent_purpose_versions as versions
    join app_public.patient_profiles on patient_profiles.id = v_patient.patient_profile_id
    where versions.id = v_missing.version_id), v_form_id);
  return app_private.acted('done', null, jsonb_strip_nulls(
    jsonb_build_object('patientRequirementId', v_id, 'formId', v_form_id)));
end;
$$;

comment on function app_private.act_require_consent is 'Asks a patient for a consent, which keeps them from being booked until it stands, unless the action says that it does not.';
grant execute on function app_private.act_require_consent to app_engine;

create or replace function app_private.check_require_consent(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.purpose', 'consent_purpose_not_found', '{}'::jsonb
  where not exists (
    select from app_public.consent_purposes
    where consent_purposes.scope_id in (check_require_consent.organization_id, '00000000-0000-0000-0000-000000000000')
      and consent_purposes.code = check_require_consent.config ->> 'purpose' and consent_purposes.scope = 'organization'
      and (app_private.current_consent_version(check_require_consent.organization_id, consent_purposes.code)).id is not null);
end;

comment on function app_private.check_require_consent is 'A purpose that the clinic has a text for.';
grant execute on function app_private.check_require_consent to app_engine;
