-- A clinic's own, seen by those who manage its integrations; the platform's and all, by superadmins. Nobody sees a key. FND-24, BIL-09.

select app_private.classify('app_public.service_account_keys', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "name", "scope", "principal_id", "last_four", "last_used_on", "created_by", "created_at",
                    "revoked_at", "revoked_by"],
    "auth_secret": ["digest"]}',
  protected => '{"digest": ["digest"]}');
select app_private.protect('app_public.service_account_keys',
  engine => 'select, insert, update (last_used_on, revoked_at, revoked_by)', facts => '{name name}');

grant select (id, organization_id, name, scope, principal_id, last_four, last_used_on, created_by, created_at, revoked_at, revoked_by)
   on app_public.service_account_keys to app_member;

create policy service_account_keys_select_manager on app_public.service_account_keys for select to app_member
  using (organization_id = any ((select app_hidden.rights('integrations.manage'))::uuid[]));

create policy service_account_keys_select_superadmin on app_public.service_account_keys for select to app_member
  using ((select app_hidden.is_superadmin()));
