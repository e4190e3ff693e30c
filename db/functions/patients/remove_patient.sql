-- A person is no patient of the clinic any more; the record goes with its appointments, and comes back with them, by
-- hand or when the person is admitted again. FND-10, FND-07.

set role app_engine;

create or replace function app_public.remove_patient(patient_id uuid) returns app_public.patients
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient from app_public.patients where patients.id = remove_patient.patient_id and patients.deleted_at is null;
  perform app_private.require_right_to_delete('patients.manage', v_patient.organization_id);
  -- Nobody merges meanwhile or moves appointments from chart to chart: one that has just moved away would go along.
  perform app_private.lock_people(v_patient.organization_id);
  -- Bookings lock their patient for share: those under way are waited for, later ones refused.
  perform app_private.soft_delete('app_public.patients', patient_id);
  select patients.* into strict v_patient from app_public.patients where patients.id = remove_patient.patient_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_patient.organization_id) as booking
    join app_public.appointments on appointments.organization_id = booking.organization_id and appointments.claim_id = booking.id
    where appointments.patient_profile_id = v_patient.patient_profile_id));
  return v_patient;
end;
$$;

comment on function app_public.remove_patient is
  'Removes a patient of the clinic with the appointments there; restoreDeletedRow brings them back. Needs patients.manage; '
  'CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_patient to app_member;

reset role;
