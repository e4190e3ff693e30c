-- Whom a visitor can pick in a calendar: listing columns only. SPC-05.

create or replace function app_private.public_specialists(organization_id uuid, calendar_id uuid)
returns app_public.public_specialist[]
language sql stable
set search_path = ''
begin atomic
  select coalesce(array_agg(row(
    specialists.id, specialists.title, specialists.given_name, specialists.family_name,
    (select coalesce(array_agg(specialties.name order by specialties.name), '{}')
     from app_public.specialist_specialties
     join app_public.specialties on specialties.id = specialist_specialties.specialty_id and specialties.deleted_at is null
     where specialist_specialties.organization_id = specialists.organization_id
       and specialist_specialties.specialist_id = specialists.id)
  )::app_public.public_specialist order by calendar_specialists.priority, specialists.family_name, specialists.given_name), '{}')
  from app_public.calendars
  join app_public.calendar_specialists
    on calendar_specialists.organization_id = calendars.organization_id and calendar_specialists.calendar_id = calendars.id
  join app_public.specialists
    on specialists.organization_id = calendar_specialists.organization_id and specialists.id = calendar_specialists.specialist_id
  where calendars.organization_id = public_specialists.organization_id
    and calendars.id = public_specialists.calendar_id
    and calendars.assignment_strategy = 'specific'
    and specialists.scheduling_active
    and specialists.deleted_at is null;
end;

comment on function app_private.public_specialists is
  'The specialists of a calendar where the visitor picks one; empty for the other strategies.';
grant execute on function app_private.public_specialists to app_engine;
