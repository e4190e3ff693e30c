-- Changes of the tier within a period: the rest of the old price is taken off, and that of the new one added, by days of the term that
-- the price is for. However often the tier changes, the shares add up. BIL-02.

create or replace function app_private.tier_changes_of(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_term record;
  v_billed uuid;
  v_span record;
begin
  select term.* into v_term from app_private.term_of(subscription, period) as term;
  -- What the term was billed by in advance, or what held when the period began.
  if v_term.starts_on = period.starts_on then
    select period_bills.tier_version_id into v_billed
    from app_public.period_bills
    where period_bills.organization_id = period.organization_id
      and period_bills.period_id = period.id and period_bills.kind = 'advance';
  else
    select days.tier_version_id into v_billed
    from app_private.tier_days(subscription, period.starts_on - 1, period.starts_on) as days;
  end if;

  for v_span in
    select days.* from app_private.tier_days(subscription, period.starts_on, period.ends_on) as days order by days.starts_on
  loop
    if v_billed <> v_span.tier_version_id then
      return query select * from app_private.tier_change_lines(
        subscription, v_term.starts_on, v_term.ends_on, v_span.starts_on, v_billed, v_span.tier_version_id);
    end if;
    v_billed := v_span.tier_version_id;
  end loop;
end;
$$;

comment on function app_private.tier_changes_of is
  'For each change of the tier in a period what is taken off for the old one and added for the new one.';
grant execute on function app_private.tier_changes_of to app_engine;

create or replace function app_private.tier_change_lines(
  subscription app_public.organization_subscriptions, term_starts_on date, term_ends_on date, day date, from_version_id uuid, to_version_id uuid
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_days constant int := term_ends_on - term_starts_on;
  v_amount bigint;
begin
  v_amount := app_private.rest_of_term(subscription, from_version_id, v_days, day - term_starts_on);
  if v_amount <> 0 then
    return next row('plan_change', null, from_version_id, day, term_ends_on, -1, v_amount, -v_amount, null, null)::app_private.bill_line;
  end if;
  v_amount := app_private.rest_of_term(subscription, to_version_id, v_days, day - term_starts_on);
  if v_amount <> 0 then
    return next row('plan_change', null, to_version_id, day, term_ends_on, 1, v_amount, v_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.tier_change_lines is
  'What is taken off for the version that held until a day of a term, and added for the one that holds from it on.';
grant execute on function app_private.tier_change_lines to app_engine;

create or replace function app_private.rest_of_term(
  subscription app_public.organization_subscriptions, tier_version_id uuid, term_days int, day int
) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  v_amount constant bigint := app_private.term_amount(subscription, rest_of_term.tier_version_id);
begin
  return v_amount - app_private.prorated(v_amount, term_days, day);
end;
$$;

comment on function app_private.rest_of_term is 'What of the price of a term is for the days from this one on, in minor units.';
grant execute on function app_private.rest_of_term to app_engine;
