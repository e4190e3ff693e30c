-- What a clinic would be billed if its plan were billed by the month or by the year: the line of the next bill in advance, by the very
-- function that bills it. BIL-06, docs/decisions/0196.

set role app_engine;

create or replace function app_public.cadence_change_preview(organization_id uuid, cadence text)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_starts_on date;
  v_month int;
begin
  perform app_private.require_billing_view(cadence_change_preview.organization_id);
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = cadence_change_preview.organization_id
    and organization_subscriptions.status <> 'canceled';
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  end if;
  v_period := app_private.last_period(v_subscription);
  if v_period.id is null or cadence_change_preview.cadence = v_subscription.cadence then
    return;
  end if;
  v_starts_on := app_private.term_ends_on(v_subscription, v_period);
  v_month := app_private.month_number(v_subscription.anchor_on, v_starts_on);
  v_subscription.cadence := cadence_change_preview.cadence;
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_private.plan_line(
    v_subscription, v_subscription.tier_version_id, v_starts_on,
    app_private.month_day(v_subscription.anchor_on, v_month + case v_subscription.cadence when 'annual' then 12 else 1 end)) as line;
end;
$$;

comment on function app_public.cadence_change_preview is
  E'@words kind invoice_lines.kind\n@words cadence organization_subscriptions.cadence\n@nullable meter\n@arg cadence How often the price of the plan would be billed.\n@answer endsOn The first day that it is not of.\n'
  'The line that the first bill in advance would have if the plan were billed so: from which day on, until when, and for how much. None when '
  'it is billed so already, when the plan costs nothing, or when the subscription has not begun. Needs billing.view. NOT_FOUND clinic_not_subscribed.';
grant execute on function app_public.cadence_change_preview to app_member;

reset role;
