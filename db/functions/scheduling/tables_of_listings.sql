-- What a clinic sets and a listing reads; an edit of it may change any day. SCH-07.
-- A test asks the catalog which tables available_slots() reads, and names one that is missing here.

create or replace function app_private.tables_of_listings() returns text[]
language sql immutable
return '{
  app_public.organizations, app_public.organization_subscriptions, app_public.services, app_public.service_specialists,
  app_public.calendars, app_public.calendar_specialists, app_public.calendar_hours, app_public.calendar_resources,
  app_public.resources,
  app_public.specialists, app_public.specialist_zones, app_public.specialist_weekly_hours,
  app_public.specialist_schedule_overrides
}'::text[];

comment on function app_private.tables_of_listings is 'The audited tables that a listing is computed from.';

grant execute on function app_private.tables_of_listings to app_engine;
