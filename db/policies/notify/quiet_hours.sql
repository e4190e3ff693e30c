-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

alter table app_public.quiet_hours enable row level security;
alter table app_public.quiet_hours force row level security;

grant select on app_public.quiet_hours to app_member;
drop policy if exists quiet_hours_select_person on app_public.quiet_hours;
create policy quiet_hours_select_person on app_public.quiet_hours
  for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

grant select, insert, update on app_public.quiet_hours to app_engine;
drop policy if exists quiet_hours_all_engine on app_public.quiet_hours;
create policy quiet_hours_all_engine on app_public.quiet_hours
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.quiet_hours
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.quiet_hours', 'account',
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "quiet_from", "quiet_until", "timezone", "created_at", "updated_at"]}',
  person_column => 'human_id');
