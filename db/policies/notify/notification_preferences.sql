-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

alter table app_public.notification_preferences enable row level security;
alter table app_public.notification_preferences force row level security;

grant select on app_public.notification_preferences to app_member;
drop policy if exists notification_preferences_select_person on app_public.notification_preferences;
create policy notification_preferences_select_person on app_public.notification_preferences
  for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

grant select, insert, update on app_public.notification_preferences to app_engine;
drop policy if exists notification_preferences_all_engine on app_public.notification_preferences;
create policy notification_preferences_all_engine on app_public.notification_preferences
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.notification_preferences
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.notification_preferences', 'account',
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "topic", "channel", "is_enabled", "created_at", "updated_at"]}',
  person_column => 'human_id');
