-- One sees oneself and one's colleagues; a patient's account is the patient's own. FND-02.

alter table app_public.humans enable row level security;
alter table app_public.humans force row level security;

grant select (principal_id, email, email_verified_at, display_name, locale, created_at, updated_at) on app_public.humans to app_member;

grant update (display_name, locale) on app_public.humans to app_member;

drop policy if exists humans_select_self on app_public.humans;
create policy humans_select_self on app_public.humans
  for select to app_member
  using (principal_id = (select app_hidden.current_account_id()));

drop policy if exists humans_select_colleague on app_public.humans;
create policy humans_select_colleague on app_public.humans
  for select to app_member
  using (principal_id = any ((select app_hidden.current_colleague_ids())::uuid[]));

drop policy if exists humans_update_self on app_public.humans;
create policy humans_update_self on app_public.humans
  for update to app_member
  using (principal_id = (select app_hidden.current_account_id()))
  with check (principal_id = (select app_hidden.current_account_id()));

grant select, insert, update on app_public.humans to app_engine;
drop policy if exists humans_all_engine on app_public.humans;
create policy humans_all_engine on app_public.humans
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of display_name on app_public.humans
  for each row execute function app_private.tg_read_facts('name display_name');

create or replace trigger _100_stamp before insert or update on app_public.humans
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.humans', 'account',
  '{"operational": ["provider_org_id", "email_verified_at", "closed_at", "locale", "created_at", "updated_at"],
    "pii_basic": ["principal_id", "email", "display_name"]}',
  person_column => 'principal_id');
