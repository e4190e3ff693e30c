-- A series is called off from one of its appointments on: that one, and all that follow and still stand. Locks as for one: the
-- patient, all appointments of the series, all their days, then the plans. SCH-09, APT-03.

set role app_engine;

create or replace function app_public.cancel_series(
  appointment_id uuid,
  reason text default null,
  for_patient boolean default null,
  excuse_reason text default null
) returns setof app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first app_public.appointments := app_private.own_appointment(appointment_id);
  v_standing app_public.appointments[];
begin
  if v_first.series_id is null then
    perform app_hidden.refuse('STATE', 'not_in_a_series');
  end if;
  -- By their ids, which no move changes, as whoever hands visits to a colleague: one series may be called off by two at once.
  perform app_private.lock_appointment(one.appointment)
  from (
    select appointments as appointment
    from app_public.appointments
    where appointments.organization_id = v_first.organization_id
      and appointments.series_id = v_first.series_id
      and appointments.patient_profile_id = v_first.patient_profile_id
      and appointments.deleted_at is null
    order by appointments.id
  ) as one;
  v_first := app_private.lock_appointment(v_first);
  v_standing := array(
    select appointments
    from app_public.appointments
    where appointments.organization_id = v_first.organization_id
      and appointments.series_id = v_first.series_id
      and appointments.patient_profile_id = v_first.patient_profile_id
      and appointments.starts_at >= v_first.starts_at
      and appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.deleted_at is null
    order by appointments.starts_at, appointments.id);
  perform app_private.lock_claims(array(select standing.claim_id from unnest(v_standing) as standing));
  -- All turns before the first plan; in one order, as whoever changes places.
  perform app_private.uncount_assignment(one.claim_id)
  from (select standing.claim_id from unnest(v_standing) as standing order by standing.calendar_id, standing.specialist_id) as one;
  return query
    select off.*
    from unnest(v_standing) as standing
    cross join lateral app_private.call_off(
      standing.id, 'cancelled', cancel_series.reason, cancel_series.for_patient, cancel_series.excuse_reason) as off;
end;
$$;

comment on function app_public.cancel_series is
  E'@arg appointmentId The first one to be called off.\n'
  '@arg forPatient Of staff: that it is the patient who calls them off, so that they may be late.\n'
  'Cancels an appointment of a series and all that follow it, as cancelAppointment does, all or none; what is over already stays. '
  'STATE not_in_a_series where it was booked alone.';
grant execute on function app_public.cancel_series to app_member;

reset role;
