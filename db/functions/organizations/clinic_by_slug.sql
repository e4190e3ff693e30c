-- The booking page's first query: a clinic with its services and bookable calendars, in one statement. Guests meet
-- catalog rows here and nowhere else. FND-01, SPC-05, APT-05.

set role app_engine;

create or replace function app_public.clinic_by_slug(slug text) returns app_public.public_clinic
language sql stable strict security definer
set search_path = ''
begin atomic
  select row(
    organizations.id, organizations.slug, organizations.name, organizations.locale, organizations.timezone,
    organizations.currency, organizations.contact_email, organizations.contact_phone, organizations.street, organizations.city,
    (select coalesce(array_agg(row(
       services.id, services.name, services.description, services.translations, services.duration_minutes,
       services.price_amount, services.currency, services.modality
     )::app_public.public_service order by services.name), '{}')
     from app_public.services
     where services.organization_id = organizations.id and services.is_active and services.deleted_at is null),
    (select coalesce(array_agg(row(
       calendars.id, calendars.service_id, calendars.name, calendars.translations, calendars.timezone, calendars.modality,
       calendars.assignment_strategy, calendars.allows_any_specialist,
       coalesce(calendars.duration_minutes, services.duration_minutes),
       coalesce(calendars.price_amount, services.price_amount), services.currency,
       app_private.public_specialists(calendars.organization_id, calendars.id), calendars.capacity
     )::app_public.public_calendar order by calendars.name), '{}')
     from app_public.calendars
     join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
     where calendars.organization_id = organizations.id
       and calendars.is_public and calendars.is_active and calendars.deleted_at is null
       and services.is_active and services.deleted_at is null)
  )::app_public.public_clinic
  from app_public.organizations
  where organizations.slug = clinic_by_slug.slug
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
end;

comment on function app_public.clinic_by_slug is
  E'@nullable\nAn active clinic with its services and bookable calendars; null when there is none, or only a draft.';
grant execute on function app_public.clinic_by_slug to app_anonymous, app_member;

reset role;
