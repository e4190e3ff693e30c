-- How clinics stand with the platform: what each subscribes to, what it owes and since when, and when it is billed next. Read in pages by
-- the clinic's id, and each clinic's own rows by their indexes, so that a page costs the same however many clinics there are. BIL-06.

set role app_engine;

create or replace function app_public.billing_overview(
  after_organization_id uuid default null,
  up_to int default 50,
  only_unpaid boolean default false,
  named text default null,
  with_status text default null
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date, carried_amount bigint
)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
  perform app_private.require_superadmin();
  perform app_private.require_page(up_to);
  return query
  select clinic.organization_id, clinic.organization_name, clinic.tier_slug, clinic.status, clinic.currency, clinic.unpaid_amount,
    clinic.balance_amount, clinic.overdue_since, clinic.next_bill_on, clinic.carried_amount
  from app_private.clinics_billing(after_organization_id, up_to, only_unpaid, named, with_status, true) as clinic;
end;
$$;

comment on function app_public.billing_overview is
  E'@nullable overdue_since\n@nullable next_bill_on\n@words status organization_subscriptions.status\n'
  '@arg afterOrganizationId The last clinic of the page before; null: the first page.\n'
  '@arg upTo How many clinics, 100 at most.\n'
  '@arg onlyUnpaid Whether clinics that owe nothing are left out.\n@arg named What their name has in it, without regard to case and marks.\n'
  '@arg withStatus How their subscription stands.\n@words with_status organization_subscriptions.status\n'
  'Clinics that subscribe, or did, in the order of their ids: what is unpaid, since when something of it is overdue, what the clinic has paid '
  'beyond what it owes, when the next bill is made, and the credit that it takes off; of who has left what is still owed to them. Superadmin only. VALIDATION page_out_of_range.';
grant execute on function app_public.billing_overview to app_member;

create or replace function app_public.clinics_overview(
  after_organization_id uuid default null,
  up_to int default 50,
  named text default null,
  with_status text default null,
  has_plan boolean default null
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date, carried_amount bigint
)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
  perform app_private.require_superadmin();
  perform app_private.require_page(up_to);
  return query
  select clinic.organization_id, clinic.organization_name, clinic.tier_slug, clinic.status, clinic.currency, clinic.unpaid_amount,
    clinic.balance_amount, clinic.overdue_since, clinic.next_bill_on, clinic.carried_amount
  from app_private.clinics_billing(after_organization_id, up_to, false, named, with_status, has_plan) as clinic;
end;
$$;

comment on function app_public.clinics_overview is
  E'@nullable tier_slug\n@nullable status\n@nullable overdue_since\n@nullable next_bill_on\n@words status organization_subscriptions.status\n'
  '@arg afterOrganizationId The last clinic of the page before; null: the first page.\n'
  '@arg upTo How many clinics, 100 at most.\n@arg named What their name has in it, without regard to case and marks.\n'
  '@arg withStatus How their subscription stands.\n@words with_status organization_subscriptions.status\n'
  '@arg hasPlan Whether they subscribe, or did; null: all.\n'
  'Every clinic in the order of their ids, as billingOverview says, also those that never subscribed: these have no tier and no status, and '
  'their currency is the one in which they would be billed. Superadmin only. VALIDATION page_out_of_range.';
grant execute on function app_public.clinics_overview to app_member;

reset role;

create or replace function app_private.require_page(up_to int) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if up_to not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'page_out_of_range', '{"field": "upTo", "most": 100}');
  end if;
end;
$$;

comment on function app_private.require_page is 'Passes for a page of 1 to 100.';
grant execute on function app_private.require_page to app_engine;

create or replace function app_private.clinics_billing(
  after_organization_id uuid, up_to int, only_unpaid boolean, named text, with_status text, has_plan boolean
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date, carried_amount bigint
)
language plpgsql stable rows 50
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_named constant text := app_hidden.search_text(coalesce(named, ''));
begin
  return query
  select organizations.id, organizations.name, platform_tiers.slug, subscription.status, billed.currency::text,
    coalesce(unpaid.amount, 0)::bigint, coalesce(kept.amount, 0)::bigint, unpaid.overdue_since, period.ends_on,
    coalesce(subscription.carried, 0)::bigint
  from app_public.organizations
  left join lateral (
    select organization_subscriptions.*, app_private.carried_amount(organization_subscriptions) as carried
    from app_public.organization_subscriptions
    where organization_subscriptions.organization_id = organizations.id
    order by organization_subscriptions.status = 'canceled', organization_subscriptions.id desc
    limit 1
  ) as subscription on true
  left join app_public.organization_billing as details on details.organization_id = organizations.id
  cross join lateral (
    select coalesce(subscription.currency, details.currency, organizations.currency) as currency,
           coalesce(subscription.timezone, details.timezone, organizations.timezone) as timezone
  ) as billed
  left join app_public.platform_tier_versions on platform_tier_versions.id = subscription.tier_version_id
  left join app_public.platform_tiers on platform_tiers.id = platform_tier_versions.tier_id
  cross join lateral (
    select sum(app_private.invoice_due(invoices)) as amount,
           min(invoices.due_on) filter (where invoices.due_on < (app_hidden.now() at time zone billed.timezone)::date) as overdue_since
    from app_public.invoices
    where invoices.organization_id = organizations.id and invoices.status = 'issued' and invoices.currency = billed.currency
  ) as unpaid
  cross join lateral (
    select sum(payments.amount - payments.applied_amount - payments.refunded_amount) as amount
    from app_public.payments
    where payments.organization_id = organizations.id and payments.currency = billed.currency
      and payments.applied_amount + payments.refunded_amount < payments.amount
  ) as kept
  left join lateral (
    select billing_periods.ends_on
    from app_public.billing_periods
    where billing_periods.organization_id = organizations.id and billing_periods.subscription_id = subscription.id
      and subscription.status <> 'canceled'
    order by billing_periods.position desc
    limit 1
  ) as period on true
  where organizations.deleted_at is null
    and (after_organization_id is null or organizations.id > after_organization_id)
    and (with_status is null or subscription.status = with_status)
    and (has_plan is null or has_plan = (subscription.id is not null))
    and (v_named = '' or position(v_named in app_hidden.search_text(organizations.name)) > 0)
    and (not only_unpaid or exists (
      select from app_public.invoices
      where invoices.organization_id = organizations.id and invoices.status = 'issued'))
  order by organizations.id
  limit up_to;
end;
$$;

comment on function app_private.clinics_billing is 'A page of clinics as billing_overview and clinics_overview answer it.';
grant execute on function app_private.clinics_billing to app_engine;
