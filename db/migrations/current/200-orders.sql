-- Every order that the API offers has an index that leads with the clinic, or with the person whose rows they are, and ends
-- with the key (FND-29).
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.appointment_moves_moved_idx;
-- squawk-ignore require-concurrent-index-creation
create index appointment_moves_moved_idx on app_public.appointment_moves (organization_id, moved_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.appointment_transfers_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index appointment_transfers_created_idx on app_public.appointment_transfers (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.booking_requests_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index booking_requests_created_idx on app_public.booking_requests (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.booking_requests_starts_at_idx;
-- squawk-ignore require-concurrent-index-creation
create index booking_requests_starts_at_idx on app_public.booking_requests (organization_id, starts_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.calendar_hours_weekday_idx;
-- squawk-ignore require-concurrent-index-creation
create index calendar_hours_weekday_idx on app_public.calendar_hours (organization_id, weekday, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.humans_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index humans_email_idx on app_public.humans (email, principal_id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.inbox_items_human_id_created_at_idx;
-- squawk-ignore require-concurrent-index-creation
create index inbox_items_human_id_created_at_idx on app_public.inbox_items (human_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.invitations_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index invitations_created_idx on app_public.invitations (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.messages_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index messages_created_idx on app_public.messages (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patient_merges_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index patient_merges_created_idx on app_public.patient_merges (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patients_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index patients_created_idx on app_public.patients (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.push_subscriptions_human_idx;
-- squawk-ignore require-concurrent-index-creation
create index push_subscriptions_human_idx on app_public.push_subscriptions (human_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.specialist_schedule_overrides_starts_on_idx;
-- squawk-ignore require-concurrent-index-creation
create index specialist_schedule_overrides_starts_on_idx on app_public.specialist_schedule_overrides (organization_id, starts_on, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.specialist_weekly_hours_weekday_idx;
-- squawk-ignore require-concurrent-index-creation
create index specialist_weekly_hours_weekday_idx on app_public.specialist_weekly_hours (organization_id, weekday, id);
