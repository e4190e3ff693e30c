-- One sees oneself and one's colleagues. FND-02.

alter table app_public.principals enable row level security;
alter table app_public.principals force row level security;

grant select (id, kind, disabled_at, created_at) on app_public.principals to app_member;

drop policy if exists principals_select_self on app_public.principals;
create policy principals_select_self on app_public.principals
  for select to app_member
  using (id = (select app_hidden.current_account_id()));

drop policy if exists principals_select_colleague on app_public.principals;
create policy principals_select_colleague on app_public.principals
  for select to app_member
  using (id = any ((select app_hidden.current_colleague_ids())::uuid[]));

drop policy if exists principals_select_superadmin on app_public.principals;
create policy principals_select_superadmin on app_public.principals
  for select to app_member
  using ((select app_hidden.is_superadmin()));

grant select, insert, update on app_public.principals to app_engine;
drop policy if exists principals_all_engine on app_public.principals;
create policy principals_all_engine on app_public.principals
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.principals', 'account',
  '{"operational": ["kind", "platform_role", "disabled_at", "created_at"], "pii_basic": ["id"]}',
  person_column => 'id');
