-- The counters that are kept as usage is recorded say what its records say. Bills are computed from the records; where a counter
-- differs, somebody is told. BIL-02, FND-24.

create or replace function app_private.compare_usage(period app_public.billing_periods, to_position bigint) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('billing_period.usage_differs', period.organization_id, period.id, jsonb_build_object(
    'periodId', period.id, 'meter', summed.meter, 'counted', summed.quantity, 'recorded', summed.recorded))
  from (
    select usage_summaries.meter, usage_summaries.quantity,
      app_private.usage_between(period.organization_id, usage_summaries.meter, period.during, 0, to_position) as recorded
    from app_public.usage_summaries
    where usage_summaries.organization_id = period.organization_id
      and usage_summaries.period_starts_at = lower(period.during)
  ) as summed
  where summed.quantity <> summed.recorded;
end;
$$;

comment on function app_private.compare_usage is
  'Publishes billing_period.usage_differs for each meter whose counter is not what its records come to.';
grant execute on function app_private.compare_usage to app_engine;
