-- Forms before the appointment: those that it will ask for, and those whose signature gives a consent without which it cannot be
-- booked. The appointment takes them as it is made (form_to_reuse). Told twice, it makes nothing twice. FRM-08, APT-06, APT-09.
-- Two at once for one patient: the second finds what the first made.

create or replace function app_private.make_forms_ahead(draft app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient_id uuid := (
    select patients.id from app_public.patients
    where patients.organization_id = draft.organization_id and patients.patient_profile_id = draft.patient_profile_id);
begin
  perform pg_advisory_xact_lock(hashtextextended('forms_ahead:' || v_patient_id, 0));
  perform app_private.make_form(
    draft.organization_id, draft.patient_profile_id, asked.id, draft.locale, is_ahead => true)
  from app_private.templates_asked(draft) as asked
  where app_private.form_to_reuse(draft, asked.id) is null
  order by asked.id;

  perform app_private.make_form(
    draft.organization_id, draft.patient_profile_id, capturing.template_id, draft.locale, is_ahead => true)
  from (
    select distinct app_private.template_that_captures(draft.organization_id, missing.version_id) as template_id
    from app_private.missing_consents(draft.organization_id, v_patient_id, app_private.consents_asked(draft)) as missing
    where app_private.form_that_captures(draft.organization_id, v_patient_id, missing.version_id) is null
  ) as capturing
  where capturing.template_id is not null
  order by capturing.template_id;
end;
$$;

comment on function app_private.make_forms_ahead is
  'Makes the forms that an appointment of this draft would ask for or be refused without, where the patient has none.';
grant execute on function app_private.make_forms_ahead to app_engine;

-- An open form whose signature gives a consent that counts now.
create or replace function app_private.form_that_captures(organization_id uuid, patient_id uuid, version_id uuid) returns uuid
language sql stable
set search_path = ''
begin atomic
  select forms.id
  from app_public.forms
  join app_public.form_template_version_purposes as declared
    on declared.organization_id = forms.organization_id and declared.version_id = forms.version_id
  join app_public.consent_purpose_versions as given
    on given.scope_id = declared.purpose_scope_id and given.id = declared.purpose_version_id
  join app_public.consent_purpose_versions as asked
    on asked.scope_id = given.scope_id and asked.purpose_code = given.purpose_code and given.number >= asked.accepts_from
  where asked.id = form_that_captures.version_id
    and forms.organization_id = form_that_captures.organization_id
    and forms.patient_id = form_that_captures.patient_id
    and forms.status <> 'signed'
    and forms.deleted_at is null
  order by forms.created_at desc, forms.id desc
  limit 1;
end;

comment on function app_private.form_that_captures is
  'A form of the patient that is not signed yet and whose signature gives this version of a consent; null where there is none.';
grant execute on function app_private.form_that_captures to app_engine;
