-- An appointment that is not there yet, as far as what it asks for goes: the shape that the gate reads. APT-06.

create or replace function app_private.draft_in(calendar app_public.calendars, patient_profile_id uuid, starts_at timestamptz)
returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_draft app_public.appointments;
begin
  v_draft.organization_id := (calendar).organization_id;
  v_draft.calendar_id := (calendar).id;
  v_draft.service_id := (calendar).service_id;
  v_draft.modality := (calendar).modality;
  v_draft.starts_at := draft_in.starts_at;
  v_draft.patient_profile_id := draft_in.patient_profile_id;
  select patient_profiles.locale into v_draft.locale
  from app_public.patient_profiles
  where patient_profiles.id = draft_in.patient_profile_id;
  return v_draft;
end;
$$;

comment on function app_private.draft_in is 'What an appointment of this patient in this calendar would be, without an id.';
grant execute on function app_private.draft_in to app_engine;

create or replace function app_private.draft_of_request(request app_public.booking_requests) returns app_public.appointments
language sql stable
set search_path = ''
begin atomic
  select app_private.draft_in(calendars, (request).patient_profile_id, (request).starts_at)
  from app_public.calendars
  where calendars.organization_id = (request).organization_id and calendars.id = (request).calendar_id;
end;

comment on function app_private.draft_of_request is 'What the appointment of a request would be, for the patient that the guest is.';
grant execute on function app_private.draft_of_request to app_engine;

-- Forms that were made ahead for a request and that nobody has touched; not while another request of the guest waits for them. What
-- an appointment has taken stays.
create or replace function app_private.drop_forms_ahead(request app_public.booking_requests) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.forms set deleted_at = app_hidden.now()
  where forms.organization_id = (request).organization_id
    and forms.patient_profile_id = (request).patient_profile_id
    and forms.is_ahead
    and forms.status = 'pending'
    and forms.created_at >= (request).created_at
    and forms.deleted_at is null
    and not exists (
      select from app_public.appointment_forms as linked
      where linked.organization_id = forms.organization_id and linked.form_id = forms.id)
    and not exists (
      select from app_public.booking_requests as other
      where other.organization_id = (request).organization_id
        and other.patient_profile_id = (request).patient_profile_id
        and other.status = 'requested'
        and other.id <> (request).id);
end;

comment on function app_private.drop_forms_ahead is 'Takes back the forms that were made ahead for a request and touched by nobody.';
grant execute on function app_private.drop_forms_ahead to app_engine;
