-- What every message about a time says: which service, with whom, when and in which zone. FND-15.

set role app_engine;
create or replace function app_private.appointment_facts(
  organization_id uuid,
  calendar_id uuid,
  service_id uuid,
  specialist_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  modality text,
  locale text
) returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'serviceName', coalesce(services.translations #>> array[appointment_facts.locale, 'name'], services.name),
    'specialistName', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    'startsAt', appointment_facts.starts_at,
    'endsAt', appointment_facts.ends_at,
    'timezone', calendars.timezone,
    'modality', coalesce(appointment_facts.modality, calendars.modality)
  )
  from app_public.calendars
  join app_public.services
    on services.organization_id = calendars.organization_id and services.id = appointment_facts.service_id
  join app_public.specialists
    on specialists.organization_id = calendars.organization_id and specialists.id = appointment_facts.specialist_id
  where calendars.organization_id = appointment_facts.organization_id
    and calendars.id = appointment_facts.calendar_id
$$;

comment on function app_private.appointment_facts is
  'The variables that messages about a time share, names in the language of the reader.';

reset role;
