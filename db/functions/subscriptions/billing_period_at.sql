-- The billing period of a clinic that an instant falls into. BIL-01.

create or replace function app_private.billing_period_at(organization_id uuid, at timestamptz) returns app_public.billing_periods
language sql stable
set search_path = ''
begin atomic
  select billing_periods
  from app_public.billing_periods
  where billing_periods.organization_id = billing_period_at.organization_id and billing_periods.during @> billing_period_at.at
  order by billing_periods.created_at desc, billing_periods.position desc
  limit 1;
end;

comment on function app_private.billing_period_at is 'The billing period of the clinic at an instant; null: it has none then.';
grant execute on function app_private.billing_period_at to app_engine;
