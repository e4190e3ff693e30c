-- What it would cost a clinic to go over to another tier today: the lines that its bill would have for it, by the very function that
-- bills them. BIL-06, docs/decisions/0193.

set role app_engine;

create or replace function app_public.tier_change_preview(organization_id uuid, tier_id uuid)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_subscription app_public.organization_subscriptions;
  v_version app_public.platform_tier_versions;
begin
  perform app_private.require_billing_view(tier_change_preview.organization_id);
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = tier_change_preview.organization_id
    and organization_subscriptions.status <> 'canceled';
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  end if;
  v_version := app_private.offered_tier_version(
    tier_change_preview.tier_id, v_subscription.currency, v_subscription.tenancy_mode,
    app_hidden.has_permission(tier_change_preview.organization_id, 'billing.view'));
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_public.billing_periods
  cross join lateral app_private.subscription_of(billing_periods) as billed
  cross join lateral app_private.term_of(billed, billing_periods) as term
  cross join lateral app_private.tier_change_lines(
    billed, term.starts_on, term.ends_on, (app_hidden.now() at time zone v_subscription.timezone)::date,
    v_subscription.tier_version_id, v_version.id) as line
  where billing_periods.organization_id = v_subscription.organization_id
    and billing_periods.subscription_id = v_subscription.id
    and billing_periods.during @> app_hidden.now()
    and not billing_periods.is_trial
    and v_version.id <> v_subscription.tier_version_id;
end;
$$;

comment on function app_public.tier_change_preview is
  E'@words kind invoice_lines.kind\n@nullable meter\n@arg tierId One of platformTiers that is offered.\n@answer endsOn The first day that it is not of.\n'
  'The lines that the next bill would have for a change of the tier today: what is taken off for the days left of the old one, and what '
  'the new one costs for them. None on trial, or when it is the tier that the clinic has. Needs billing.view. '
  'NOT_FOUND clinic_not_subscribed, platform_tier_not_found; VALIDATION tier_has_no_price.';
grant execute on function app_public.tier_change_preview to app_member;

reset role;
