-- What a clinic has beside its tier: seen by its staff with billing.view, granted and revoked by superadmins. FND-20, TEN-01.

select app_private.classify('app_public.organization_entitlements', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "entitlement", "reason", "granted_by", "granted_at", "revoked_at", "revoked_by", "revoke_reason"]}');
select app_private.protect('app_public.organization_entitlements', engine => 'select, insert, update (revoked_at, revoked_by, revoke_reason)');

grant select on app_public.organization_entitlements to app_member;

create policy organization_entitlements_select_viewer on app_public.organization_entitlements for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_entitlements_select_superadmin on app_public.organization_entitlements for select to app_member
  using ((select app_hidden.is_superadmin()));
