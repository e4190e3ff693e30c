-- What tiers cost and include: published ones to whoever reads the tier, drafts to superadmins, whose verbs write them. FND-20.

select app_private.classify('app_public.platform_tier_versions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "tier_id", "version", "ai_markup_basis_points", "trial_days", "published_at"],
    "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.platform_tier_versions', engine => 'select, insert, update');

grant select on app_public.platform_tier_versions to app_member;

create policy platform_tier_versions_select_published on app_public.platform_tier_versions for select to app_member
  using (published_at is not null and tier_id in (select platform_tiers.id from app_public.platform_tiers));

create policy platform_tier_versions_select_superadmin on app_public.platform_tier_versions for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _150_fixed_id before insert on app_public.platform_tier_versions
  for each row execute function app_private.tg_fixed_id('tier_id', 'version');

create or replace trigger _300_keep before update or delete on app_public.platform_tier_versions
  for each row execute function app_private.tg_platform_tier_versions__keep();

create or replace trigger _300_keeps_every_version before truncate on app_public.platform_tier_versions
  for each statement execute function app_private.tg_frozen();
