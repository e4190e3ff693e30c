-- A specialist with an account hears of their own visits, each with its entry for a calendar: made, moved, called off, or given
-- to a colleague. APT-08, FND-15.

create or replace function app_private.tell_specialist(
  event app_private.events, appointment app_public.appointments, specialist_id uuid, template_key text
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.notify(
    event.organization_id,
    tell_specialist.template_key,
    app_private.appointment_facts(
      event.organization_id, appointment.calendar_id, appointment.service_id, tell_specialist.specialist_id,
      appointment.starts_at, appointment.ends_at, appointment.modality, organizations.locale)
    || jsonb_build_object('patientName', appointment.contact_name),
    human_id => specialists.human_id,
    event_id => event.id,
    calendar_uid => appointment.id)
  from app_public.specialists
  join app_public.organizations on organizations.id = specialists.organization_id
  join app_public.memberships
    on memberships.organization_id = specialists.organization_id
    and memberships.human_id = specialists.human_id
    and memberships.ended_at is null
  where specialists.organization_id = event.organization_id and specialists.id = tell_specialist.specialist_id;
end;
$$;

comment on function app_private.tell_specialist is
  'Queues one of the messages specialist_appointment_… to a specialist who has an account at the clinic.';
grant execute on function app_private.tell_specialist to app_engine;
