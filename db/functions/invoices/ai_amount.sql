-- What AI calls of a period cost the clinic: the exact costs, each with the markup of the version that held on its day. Not rounded:
-- that happens once, where a line is made of it. BIL-02.

create or replace function app_private.ai_amount(
  subscription app_public.organization_subscriptions, period app_public.billing_periods, to_position bigint
) returns numeric
language sql stable
set search_path = ''
as $$
  select coalesce(sum(
    app_private.ai_cost_between((subscription).organization_id, (subscription).currency, spans.during, 0, to_position)
      * (10000 + versions.ai_markup_basis_points) * 0.0001), 0)
  from app_private.usage_spans(subscription, period) as spans
  join app_public.platform_tier_versions as versions on versions.id = spans.tier_version_id
$$;

comment on function app_private.ai_amount is
  'The costs of AI calls that were known at a position with the markup, exact, in minor units.';
grant execute on function app_private.ai_amount to app_engine;
