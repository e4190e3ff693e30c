-- Which calendars a caller may ask about: everybody the public ones of open clinics, staff all of their own clinic.
-- Whatever is not theirs to see is the same "not found" as what does not exist. SCH-02, APT-05.

create or replace function app_private.visible_calendar(calendar_id uuid) returns app_public.calendars
language plpgsql stable
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  join app_public.organizations as o on o.id = c.organization_id and o.deleted_at is null
  join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
  where c.id = visible_calendar.calendar_id
    and c.is_active and c.deleted_at is null
    and s.is_active and s.deleted_at is null
    and ((c.is_public and o.activated_at is not null) or app_private.is_staff_of(c.organization_id));

  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found');
  end if;
  return v_calendar;
end;
$$;

comment on function app_private.visible_calendar is
  'The calendar, when it is active and the caller may see it; else NOT_FOUND.';

grant execute on function app_private.visible_calendar to app_engine;
