-- The one place where an appointment is made, whoever books: a patient what they held, front desk directly, the clinic that
-- confirms a request. The verb has authorized, locked the patient, and brings the claim, which is an appointment's already,
-- with what only it knows: the patient, the request, a contact that is not the patient's own, a plan, rules that were set aside.
-- What follows from calendar, service, patient and clinic is filled here, and stays as it is at this moment: the price,
-- and what the clinic's policy promises. Turns before plans, as whatever gives both back; the gate last, so that a session which
-- is not there is told with all else. APT-01, APT-02, APT-03, APT-06, CAT-04.

create or replace function app_private.book(
  claim app_private.time_claims,
  draft app_public.appointments,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from_request boolean := draft.booking_request_id is not null;
  v_by_plan boolean;
  v_appointment app_public.appointments;
begin
  select
    coalesce(draft.id, uuidv7()), claim.organization_id, calendars.id, services.id, claim.specialist_id, claim.id,
    lower(claim.during), upper(claim.during), calendars.modality,
    coalesce(draft.price_amount, calendars.price_amount, services.price_amount), coalesce(draft.currency, services.currency),
    case when v_from_request then draft.contact_email else profile.email end,
    case when v_from_request then draft.contact_name else profile.given_name || ' ' || profile.family_name end,
    case when v_from_request then draft.locale else profile.locale end,
    case when v_from_request then draft.organizer_email else organizations.contact_email end,
    coalesce(policy.cancel_minutes, 0), coalesce(policy.late_cancel, 'allowed'), coalesce(policy.late_cancel_session, 'kept'),
    coalesce(policy.reschedule_minutes, 0), policy.reschedule_limit, coalesce(policy.no_show_session, 'kept')
  into strict
    draft.id, draft.organization_id, draft.calendar_id, draft.service_id, draft.specialist_id, draft.claim_id,
    draft.starts_at, draft.ends_at, draft.modality,
    draft.price_amount, draft.currency,
    draft.contact_email, draft.contact_name, draft.locale, draft.organizer_email,
    draft.cancel_minutes, draft.late_cancel, draft.late_cancel_session,
    draft.reschedule_minutes, draft.reschedule_limit, draft.no_show_session
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = draft.patient_profile_id
  left join app_public.booking_policies as policy
    on policy.organization_id = calendars.organization_id
    and case when calendars.booking_policy_id is null then policy.is_default else policy.id = calendars.booking_policy_id end
  where calendars.organization_id = claim.organization_id and calendars.id = claim.calendar_id;

  if claim.counted_at is null then
    perform app_private.count_assignment(claim.id);
  end if;
  draft.patient_service_plan_id := app_private.choose_plan(draft, use_plan);
  v_by_plan := coalesce(use_plan, false) or draft.patient_service_plan_id is not null;
  if v_by_plan then
    draft := app_private.use_session(draft);
  end if;
  draft := app_private.pass_gate(draft, v_by_plan);

  insert into app_public.appointments (
    id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules, cancel_minutes, late_cancel, late_cancel_session,
    reschedule_minutes, reschedule_limit, no_show_session, patient_service_plan_id, plan_session_number, series_id
  ) values (
    draft.id, draft.organization_id, draft.patient_profile_id, draft.calendar_id, draft.service_id, draft.specialist_id,
    draft.booking_request_id, draft.claim_id, draft.starts_at, draft.ends_at, draft.modality, draft.price_amount,
    draft.currency, draft.contact_email, draft.contact_phone, draft.contact_name, draft.locale,
    draft.organizer_email, app_private.current_actor_id(), draft.override_reason, draft.overridden_rules,
    draft.cancel_minutes, draft.late_cancel, draft.late_cancel_session, draft.reschedule_minutes, draft.reschedule_limit,
    draft.no_show_session, draft.patient_service_plan_id, draft.plan_session_number, draft.series_id
  )
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.book is
  'Makes an appointment of a claim and a draft: fills in what follows from calendar, service and clinic, counts the turn, '
  'uses a session of a plan, asks the gate. The caller has authorized and locked the patient.';
grant execute on function app_private.book to app_engine;
