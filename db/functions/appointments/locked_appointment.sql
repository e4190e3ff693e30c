-- The first step of every verb on an appointment: whose it is, then the locks. The patient before the appointment, as whoever
-- merges or removes patients, and for share, as bookings do. APT-01, FND-04.

create or replace function app_private.own_appointment(appointment_id uuid) returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = own_appointment.appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.own_appointment is
  'An appointment that the caller may see, of their clinic or their own, not locked; NOT_FOUND appointment_not_found otherwise.';
grant execute on function app_private.own_appointment to app_engine;

create or replace function app_private.lock_appointment(seen app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  perform from app_public.patients
  where patients.organization_id = seen.organization_id and patients.patient_profile_id = seen.patient_profile_id
  for share;
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = seen.id and appointments.deleted_at is null
  for update;
  -- Between the two locks it may have gone to another patient: whoever asks again sees it as it is, or not at all.
  if v_appointment.patient_profile_id is distinct from seen.patient_profile_id then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.lock_appointment is 'The same appointment as it is now, locked with its patient; NOT_FOUND when it went.';
grant execute on function app_private.lock_appointment to app_engine;

create or replace function app_private.locked_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile
set search_path = ''
return app_private.lock_appointment(app_private.own_appointment(appointment_id));

comment on function app_private.locked_appointment is
  'An appointment of the caller, locked with its patient; NOT_FOUND appointment_not_found otherwise.';
grant execute on function app_private.locked_appointment to app_engine;
