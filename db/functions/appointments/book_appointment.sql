-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason));
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);
  v_rules := app_private.require_bookable(
    v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id), override_reason => override_reason);

  perform app_private.convert_claim(v_claim.id, 'appointment');
  perform app_private.count_assignment(v_claim.id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), calendars.modality,
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale,
    organizations.contact_email, app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = book_appointment.patient_profile_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_appointment;
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage. '
  'When the time can no longer be booked, what holdSlot says of the rule; staff set it aside with overrideReason.';
grant execute on function app_public.book_appointment to app_member;

reset role;
