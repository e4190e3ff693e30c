-- Indexes that bring lists in the orders that the API offers (docs/decisions/0084).

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.custom_fields_system_key_idx;
-- squawk-ignore require-concurrent-index-creation
create index custom_fields_system_key_idx on app_public.custom_fields (organization_id, system_key, id);

-- The newest links and kiosks of a clinic.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.signature_links_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index signature_links_created_idx on app_public.signature_links (organization_id, created_at, id);

-- The key of the topic is carried by this index as well.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.notification_preferences_topic_idx;
-- squawk-ignore require-concurrent-index-creation
create index notification_preferences_topic_idx on app_public.notification_preferences (topic, id);
