-- Zones with dates: who moves for a month keeps their hours, on the clocks of where they are. SCH-01, SCH-05.

-- squawk-ignore ban-drop-table
drop table if exists app_public.specialist_zones;
create table app_public.specialist_zones (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  specialist_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  timezone text not null references app_public.time_zones on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint specialist_zones_identity unique (organization_id, id),
  constraint specialist_zones_organization_id_specialist_id_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete cascade,
  constraint specialist_zones_dates_are_ordered check (starts_on <= ends_on),
  constraint specialist_zones_dates_are_finite check (isfinite(starts_on) and isfinite(ends_on) and ends_on - starts_on <= 731),
  constraint specialist_zones_no_two_at_once exclude using gist (
    organization_id with =, specialist_id with =, daterange(starts_on, ends_on, '[]') with &&)
);
create index specialist_zones_specialist_idx on app_public.specialist_zones (organization_id, specialist_id, starts_on);
create index specialist_zones_timezone_idx on app_public.specialist_zones (timezone);
comment on table app_public.specialist_zones is
  'The zone in which a specialist works on some dates, both inclusive: weekly hours, other hours and closings of these dates are '
  'read on its clocks. On all other dates the specialist''s own zone counts.';

