-- One sees oneself and one's colleagues; a patient's account is the patient's own. FND-02.

select app_private.classify('app_public.humans', home => 'person', retention => 'account', classes =>
  '{"operational": ["provider_org_id", "email_verified_at", "closed_at", "locale", "created_at", "updated_at"],
    "pii_basic": ["principal_id", "email", "display_name"]}',
  person_column => 'principal_id');
select app_private.protect('app_public.humans', engine => 'select, insert, update', facts => '{name display_name}');

grant select (principal_id, email, email_verified_at, display_name, locale, created_at, updated_at) on app_public.humans to app_member;
grant update (display_name, locale) on app_public.humans to app_member;

create policy humans_select_self on app_public.humans for select to app_member
  using (principal_id = (select app_hidden.current_account_id()));

create policy humans_select_colleague on app_public.humans for select to app_member
  using (principal_id = any ((select app_hidden.rights('colleagues'))::uuid[]));

create policy humans_update_self on app_public.humans for update to app_member
  using (principal_id = (select app_hidden.current_account_id()))
  with check (principal_id = (select app_hidden.current_account_id()));
