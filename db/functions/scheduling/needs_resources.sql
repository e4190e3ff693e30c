-- Whether a booking takes rooms or equipment: most calendars need none, and nothing of theirs is locked. SCH-11.

create or replace function app_private.needs_resources(organization_id uuid, calendar_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.calendar_resources as cr
    where cr.organization_id = needs_resources.organization_id and cr.calendar_id = needs_resources.calendar_id);
end;

comment on function app_private.needs_resources is
  'Whether a calendar needs rooms or equipment. Then lock_clinic_resources, before the days.';

grant execute on function app_private.needs_resources to app_engine;
