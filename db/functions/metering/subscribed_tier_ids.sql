-- The tiers that clinics of the caller have or had, also those that are not offered any more. FND-20.

set role app_engine;

create or replace function app_hidden.subscribed_tier_ids() returns uuid[]
language sql stable security definer
set search_path = ''
as $$
  select coalesce(array_agg(distinct versions.tier_id), '{}')
  from app_public.organization_subscription_tiers as held
  join app_public.platform_tier_versions as versions on versions.id = held.tier_version_id
  where held.organization_id = any (app_hidden.organization_ids_where('billing.view'))
$$;

comment on function app_hidden.subscribed_tier_ids is 'Tiers of clinics where the caller has billing.view.';
grant execute on function app_hidden.subscribed_tier_ids to app_member;

reset role;
