-- Which tier held when: the clinic's staff with billing.view, and the platform. Append-only. BIL-01.

select app_private.classify('app_public.organization_subscription_tiers', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "position", "starts_on", "tier_version_id", "reason", "created_by", "created_at"]}');
select app_private.protect('app_public.organization_subscription_tiers', engine => 'select, insert');

grant select on app_public.organization_subscription_tiers to app_member;

create policy organization_subscription_tiers_select_viewer on app_public.organization_subscription_tiers for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_subscription_tiers_select_superadmin on app_public.organization_subscription_tiers for select to app_member
  using ((select app_hidden.is_superadmin()));
