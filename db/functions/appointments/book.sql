-- The one place where an appointment is made, whoever books: a patient what they held, front desk directly, the clinic that
-- confirms a request. The verb has authorized, locked the patient, and brings the claim, which is an appointment's already,
-- with what only it knows: the patient, the request, a contact that is not the patient's own, rules that were set aside.
-- What follows from calendar, service, patient and clinic is filled here, and stays as it is at this moment. APT-01, APT-02.

create or replace function app_private.book(claim app_private.time_claims, draft app_public.appointments)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from_request boolean := draft.booking_request_id is not null;
  v_appointment app_public.appointments;
begin
  select
    uuidv7(), claim.organization_id, calendars.id, services.id, claim.specialist_id, claim.id,
    lower(claim.during), upper(claim.during), calendars.modality,
    coalesce(draft.price_amount, calendars.price_amount, services.price_amount), coalesce(draft.currency, services.currency),
    case when v_from_request then draft.contact_email else profile.email end,
    case when v_from_request then draft.contact_name else profile.given_name || ' ' || profile.family_name end,
    case when v_from_request then draft.locale else profile.locale end,
    case when v_from_request then draft.organizer_email else organizations.contact_email end
  into strict
    draft.id, draft.organization_id, draft.calendar_id, draft.service_id, draft.specialist_id, draft.claim_id,
    draft.starts_at, draft.ends_at, draft.modality,
    draft.price_amount, draft.currency,
    draft.contact_email, draft.contact_name, draft.locale, draft.organizer_email
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = draft.patient_profile_id
  where calendars.organization_id = claim.organization_id and calendars.id = claim.calendar_id;

  draft.overridden_rules := nullif(coalesce(draft.overridden_rules, '{}') || app_private.booking_gate(draft), '{}');
  draft.override_reason := case when draft.overridden_rules is not null then btrim(draft.override_reason) end;
  perform app_private.count_assignment(claim.id);

  insert into app_public.appointments (
    id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules
  ) values (
    draft.id, draft.organization_id, draft.patient_profile_id, draft.calendar_id, draft.service_id, draft.specialist_id,
    draft.booking_request_id, draft.claim_id, draft.starts_at, draft.ends_at, draft.modality, draft.price_amount,
    draft.currency, draft.contact_email, draft.contact_phone, draft.contact_name, draft.locale,
    draft.organizer_email, app_private.current_actor_id(), draft.override_reason, draft.overridden_rules
  )
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.book is
  'Makes an appointment of a claim and a draft: fills in what follows from calendar, service and clinic, asks the gate, '
  'counts the turn. The caller has authorized and locked the patient.';
grant execute on function app_private.book to app_engine;
