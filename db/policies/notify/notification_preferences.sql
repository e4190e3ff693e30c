-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.notification_preferences', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "topic", "channel", "is_enabled", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.on_merge('app_public.notification_preferences', 'patient_profile_id', 'moves');
select app_private.protect('app_public.notification_preferences', engine => 'select, insert, update');

grant select on app_public.notification_preferences to app_member;

create policy notification_preferences_select_person on app_public.notification_preferences for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
