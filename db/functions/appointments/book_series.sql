-- The ten sessions of a plan in one call: every start is booked, or none is, and the refusal names each that is in the way with its
-- rule. Weeks are counted on the clocks of the calendar, so summer time moves no session. All that could be taken is locked first, and
-- in the one order: calendar and specialists, turns, rooms, days. SCH-09, CAT-04.

set role app_engine;

create or replace function app_public.book_series(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  sessions int,
  every_weeks int default 1,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns setof app_public.appointments
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_series', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, sessions, every_weeks, specialist_id, override_reason, use_plan,
    patient_service_plan_id));
  v_calendar app_public.calendars;
  v_override boolean;
  v_starts timestamptz[];
  v_claims app_private.time_claims[];
  v_claim app_private.time_claims;
  v_use_plan boolean := use_plan;
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
  v_made jsonb := '[]';
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered #>> '{0,organization_id}')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered #>> '{0,organization_id}')::uuid, book_series.patient_profile_id);
    return query select * from jsonb_populate_recordset(null::app_public.appointments, v_remembered);
    return;
  end if;

  v_calendar := app_private.visible_calendar(book_series.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  perform app_private.require_not_suspended(v_calendar.organization_id);
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_series.patient_profile_id);
  v_starts := app_private.starts_of_series(v_calendar, book_series.starts_at, sessions, every_weeks);
  perform app_private.require_choice(v_calendar, book_series.specialist_id);
  v_claims := app_private.claim_series(v_calendar, v_starts, book_series.specialist_id, v_override);

  v_draft.id := uuidv7();
  v_draft.series_id := v_draft.id;
  v_draft.patient_profile_id := book_series.patient_profile_id;
  v_draft.patient_service_plan_id := book_series.patient_service_plan_id;
  v_draft.override_reason := book_series.override_reason;
  foreach v_claim in array v_claims loop
    v_draft.overridden_rules := null;
    if v_override then
      select v.rules into v_draft.overridden_rules
      from app_private.verdicts(v_calendar.id, lower(v_claim.during), v_claim.specialist_id, v_claim.id) as v;
    end if;
    v_appointment := app_private.book(v_claim, v_draft, v_use_plan);
    -- By a plan as a whole, or not at all: nobody pays for the last ones unasked.
    v_use_plan := coalesce(v_use_plan, v_appointment.plan_session_number is not null);
    v_draft.id := null;
    v_made := v_made || to_jsonb(v_appointment);
    return next v_appointment;
  end loop;
  perform app_private.remember('book_series', v_made);
end;
$$;

comment on function app_public.book_series is
  E'@arg startsAt When the first one begins.\n'
  '@arg sessions How many appointments: 2 to 52.\n'
  '@arg everyWeeks How many weeks lie between two of them: 1 to 12.\n'
  'Books a series for a patient, at the same hour of the calendar''s clock each time: all or none. Without specialistId whose turn it '
  'is, wherever they are free. Needs appointments.manage; overrideReason as bookDirectly. CONFLICT series_in_the_way names every start that cannot be '
  'booked and why; NOT_READY when the plan has too few sessions for all.';
grant execute on function app_public.book_series to app_member;

reset role;
