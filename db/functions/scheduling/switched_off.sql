-- What stands above hours and claims: clinic, calendar, service and specialist have to be there for a time to be booked.
-- Explaining, booking and confirming ask here; the listing joins the same rows. SCH-02, SCH-05, SCH-06.

create or replace function app_private.switched_off(
  organization_id uuid, calendar_id uuid, specialist_id uuid, for_the_public boolean
) returns text
language sql stable
set search_path = ''
begin atomic
  select case
    when for_the_public and o.activated_at is null then 'clinic_draft'
    when not c.is_active or c.deleted_at is not null then 'calendar_inactive'
    when not s.is_active or s.deleted_at is not null then 'service_inactive'
    when for_the_public and not c.is_public then 'calendar_private'
    when not sp.scheduling_active or sp.deleted_at is not null then 'specialist_inactive'
    when not exists (
      select from app_public.calendar_specialists as cs
      where cs.organization_id = c.organization_id and cs.calendar_id = c.id and cs.specialist_id = sp.id)
      then 'not_in_calendar'
    when not exists (
      select from app_public.service_specialists as ss
      where ss.organization_id = c.organization_id and ss.service_id = s.id and ss.specialist_id = sp.id)
      then 'not_providing_service'
  end
  from app_public.calendars as c
  join app_public.organizations as o on o.id = c.organization_id
  join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
  join app_public.specialists as sp on sp.organization_id = c.organization_id and sp.id = switched_off.specialist_id
  where c.organization_id = switched_off.organization_id and c.id = switched_off.calendar_id;
end;

comment on function app_private.switched_off is
  'The rule above hours and claims that keeps a specialist from being booked in a calendar; null when none does.';

grant execute on function app_private.switched_off to app_engine;
