-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.

set role app_engine;

create or replace function app_public.book_directly(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_directly', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, specialist_id, override_reason, use_plan, patient_service_plan_id));
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_directly.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(book_directly.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  perform app_private.require_not_suspended(v_calendar.organization_id);
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_directly.patient_profile_id);

  v_claim := app_private.claim_in(
    v_calendar, book_directly.starts_at, book_directly.specialist_id, 'appointment', v_override, true);
  if v_override then
    select v.rules into v_draft.overridden_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  v_draft.patient_service_plan_id := book_directly.patient_service_plan_id;
  v_draft.patient_profile_id := book_directly.patient_profile_id;
  v_draft.override_reason := book_directly.override_reason;
  v_appointment := app_private.book(v_claim, v_draft, use_plan);
  perform app_private.remember('book_directly', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_directly is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly to app_member;

reset role;
