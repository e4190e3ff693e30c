-- When a month of a subscription begins: at midnight at the clinic, on the day it began, or the last of a month that is too
-- short for it: 31 January, 28 February, 31 March. Counted from the first day each time, so nothing creeps. CAT-06.

create or replace function app_private.month_starts_at(organization_id uuid, anchor_on date, month int) returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select (month_starts_at.anchor_on + make_interval(months => month_starts_at.month)) at time zone organizations.timezone
  from app_public.organizations
  where organizations.id = month_starts_at.organization_id;
end;

comment on function app_private.month_starts_at is 'The start of the month of this number, counted from 0 at the day it is anchored to.';
grant execute on function app_private.month_starts_at to app_engine;
