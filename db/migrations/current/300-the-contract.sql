-- The older name of invite_member goes before anybody calls it: breaking the contract is free now, once.
-- retired: functions/identity/add_member.sql
drop function if exists app_public.add_member(uuid, text, text, uuid[]);

-- What the API adds to tables: sums where somebody asks for them, and a name that is not a scalar's.
comment on table app_public.appointments is E'@behavior +resource:aggregates\nA patient''s time with a specialist.';
comment on table app_public.time_zones is E'@name known_time_zones\nIANA time zones that clinics, calendars and specialists may use.';

-- Whose clinic it is, another argument says already; the trigger _010_clinic reads it there.
comment on column app_public.calendar_hours.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.calendar_specialists.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.calendars.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.service_specialists.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.specialist_schedule_overrides.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.specialist_specialties.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.specialist_weekly_hours.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
