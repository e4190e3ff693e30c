-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.quiet_hours', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "quiet_from", "quiet_until", "timezone", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.on_merge('app_public.quiet_hours', 'patient_profile_id', 'moves');
select app_private.protect('app_public.quiet_hours', engine => 'select, insert, update');

grant select on app_public.quiet_hours to app_member;

create policy quiet_hours_select_person on app_public.quiet_hours for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
