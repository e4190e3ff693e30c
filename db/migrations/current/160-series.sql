-- Appointments that were booked as one series know each other. SCH-09.

alter table app_public.appointments add column if not exists series_id uuid;
alter table app_public.appointments drop constraint if exists appointments_series_fkey;
alter table app_public.appointments
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint appointments_series_fkey foreign key (organization_id, series_id)
    references app_public.appointments (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists appointments_series_idx on app_public.appointments (organization_id, series_id, starts_at);
comment on column app_public.appointments.series_id is 'The first appointment of the series that it was booked with; null where it was booked alone.';

