-- One sees oneself and one's colleagues. FND-02.

select app_private.classify('app_public.principals', home => 'person', retention => 'account', classes =>
  '{"operational": ["kind", "platform_role", "disabled_at", "created_at"], "pii_basic": ["id"]}',
  person_column => 'id');
select app_private.protect('app_public.principals', engine => 'select, insert, update');

grant select (id, kind, disabled_at, created_at) on app_public.principals to app_member;

create policy principals_select_self on app_public.principals for select to app_member
  using (id = (select app_hidden.current_account_id()));

create policy principals_select_colleague on app_public.principals for select to app_member
  using (id = any ((select app_hidden.rights('colleagues'))::uuid[]));

create policy principals_select_superadmin on app_public.principals for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.principals
  for each statement execute function app_private.tg_forget_rights();
