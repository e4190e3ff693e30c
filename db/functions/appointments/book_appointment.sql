-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/require_to_book.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.book_appointment(hold_token text, patient_profile_id uuid)
returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(hold_token, patient_profile_id));
  v_claim app_private.time_claims;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token);
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);

  perform app_private.convert_claim(v_claim.id, 'appointment');
  perform app_private.count_assignment(v_claim.id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale, created_by
  )
  select
    v_claim.organization_id, profile.id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), calendars.modality,
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale, app_private.current_actor_id()
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.patient_profiles as profile on profile.id = book_appointment.patient_profile_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_appointment;
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment(text, uuid) is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.book_appointment(text, uuid) to app_member;

reset role;
