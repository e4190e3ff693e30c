-- What versions ask for what is used beyond a soft limit: read as the version is, written while it is a draft. FND-20.

select app_private.classify('app_public.platform_overage_prices', home => 'platform', retention => 'reference', classes =>
  '{"public": ["tier_version_id", "meter", "currency", "unit_price"]}');
select app_private.protect('app_public.platform_overage_prices', engine => 'select, insert, delete');

grant select on app_public.platform_overage_prices to app_member;

create policy platform_overage_prices_select_reader on app_public.platform_overage_prices for select to app_member
  using (tier_version_id in (select platform_tier_versions.id from app_public.platform_tier_versions));

create or replace trigger _300_keep before insert or update or delete on app_public.platform_overage_prices
  for each row execute function app_private.tg_only_of_draft_versions();

create or replace trigger _300_keeps_every_version before truncate on app_public.platform_overage_prices
  for each statement execute function app_private.tg_frozen();
