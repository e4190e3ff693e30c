-- What a clinic's usage of an instant is summed up in: its billing period, or else the calendar month of its zone, as far as no billing
-- period takes of that. So spans of a clinic never overlap. FND-24.

create or replace function app_private.usage_period_at(organization_id uuid, at timestamptz) returns tstzrange
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods := app_private.billing_period_at(usage_period_at.organization_id, usage_period_at.at);
  v_timezone text;
begin
  if v_period.during is not null then
    return v_period.during;
  end if;
  select organizations.timezone into strict v_timezone
  from app_public.organizations
  where organizations.id = usage_period_at.organization_id;
  return (
    select tstzrange(
      greatest(months.starts_at, max(upper(billing_periods.during)) filter (where upper(billing_periods.during) <= usage_period_at.at)),
      least(months.ends_at, min(lower(billing_periods.during)) filter (where lower(billing_periods.during) > usage_period_at.at)))
    from (
      select date_trunc('month', usage_period_at.at, v_timezone) as starts_at,
             date_add(date_trunc('month', usage_period_at.at, v_timezone), interval '1 month', v_timezone) as ends_at
    ) as months
    left join app_public.billing_periods on billing_periods.organization_id = usage_period_at.organization_id
    group by months.starts_at, months.ends_at);
end;
$$;

comment on function app_private.usage_period_at is 'The span that usage of this instant is summed up in, half-open.';
grant execute on function app_private.usage_period_at to app_engine;

-- The same for every instant of a stretch at once. A span holds until it ends, or until a period of a later subscription begins in it.
create or replace function app_private.usage_periods_between(organization_id uuid, first_at timestamptz, last_at timestamptz)
returns table (starts_at timestamptz, ends_at timestamptz, during tstzrange)
language plpgsql stable
set search_path = ''
as $$
begin
  starts_at := usage_periods_between.first_at;
  while starts_at <= usage_periods_between.last_at loop
    during := app_private.usage_period_at(usage_periods_between.organization_id, starts_at);
    ends_at := least(upper(during), (
      select min(lower(billing_periods.during))
      from app_public.billing_periods
      where billing_periods.organization_id = usage_periods_between.organization_id
        and lower(billing_periods.during) > usage_periods_between.starts_at));
    return next;
    starts_at := ends_at;
  end loop;
end;
$$;

comment on function app_private.usage_periods_between is
  'The stretch in pieces, each of which lies within one span of usage_period_at().';
grant execute on function app_private.usage_periods_between to app_engine;
