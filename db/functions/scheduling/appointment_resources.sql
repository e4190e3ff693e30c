-- Where an appointment is, and what is used there: told to whoever sees the appointment, patients too, who do not see the
-- clinic's list of rooms. SCH-11.

set role app_engine;

create or replace function app_public.appointment_resources(appointment_id uuid) returns setof app_public.appointment_resource
language sql stable security definer
set search_path = ''
begin atomic
  select r.id, r.kind, r.type, r.name
  from app_public.appointments
  join app_private.time_claims as tc
    on tc.organization_id = appointments.organization_id and tc.id = appointments.claim_id and tc.released_at is null
  join app_private.resource_claims as rc
    on rc.organization_id = tc.organization_id and rc.claim_id = coalesce(tc.session_id, tc.id)
  join app_public.resources as r on r.organization_id = rc.organization_id and r.id = rc.resource_id
  where appointments.id = appointment_resources.appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
  order by r.kind desc, r.name, r.id;
end;

comment on function app_public.appointment_resources is
  'The room and the equipment of an appointment that the caller may see, the room first; nothing once it was called off.';
grant execute on function app_public.appointment_resources to app_member;

reset role;

-- In the agenda, where it is asked for.
create or replace function app_public.agenda_appointment_resources(appointment app_public.agenda_appointment)
returns app_public.appointment_resource[]
language sql stable
set search_path = ''
return array(select resource from app_public.appointment_resources((appointment).appointment_id) as resource);

comment on function app_public.agenda_appointment_resources is
  E'@behavior -queryField\nThe room and the equipment of the appointment, the room first.';
grant execute on function app_public.agenda_appointment_resources to app_member;
