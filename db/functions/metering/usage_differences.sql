-- Whether what is summed up is what the records add up to; and the summing up anew, where a billing period begins after usage of its time
-- was told. FND-24.

create or replace function app_private.recounted_usage(organization_id uuid)
returns table (
  meter text, period_starts_at timestamptz, period_ends_at timestamptz, quantity numeric, records bigint, last_occurred_at timestamptz
)
language sql stable
set search_path = ''
begin atomic
  select usages.meter, lower(spans.during), upper(spans.during),
         case meters.aggregation
           when 'sum' then sum(usages.quantity)
           when 'count' then count(*)
           when 'max' then max(usages.quantity)
           when 'unique' then count(distinct usages.subject_id)
           else (array_agg(usages.quantity order by usages.occurred_at desc, usages.position desc))[1]
         end,
         count(*), max(usages.occurred_at)
  from (
    select min(usage_records.occurred_at) as first_at, max(usage_records.occurred_at) as last_at
    from app_public.usage_records
    where usage_records.organization_id = recounted_usage.organization_id
  ) as stretch
  cross join lateral app_private.usage_periods_between(recounted_usage.organization_id, stretch.first_at, stretch.last_at) as spans
  join app_public.usage_records as usages
    on usages.organization_id = recounted_usage.organization_id
    and usages.occurred_at >= spans.starts_at and usages.occurred_at < spans.ends_at
  join app_public.meters on meters.key = usages.meter
  group by usages.meter, spans.during, meters.aggregation;
end;

comment on function app_private.recounted_usage is 'What the summaries of a clinic have to say, counted from its records.';
grant execute on function app_private.recounted_usage to app_engine;

create or replace function app_private.usage_differences(organization_id uuid)
returns table (meter text, period_starts_at timestamptz, summed numeric, recounted numeric)
language sql stable
set search_path = ''
begin atomic
  select coalesce(summed.meter, counted.meter), coalesce(summed.period_starts_at, counted.period_starts_at), summed.quantity, counted.quantity
  from (
    select * from app_public.usage_summaries where usage_summaries.organization_id = usage_differences.organization_id
  ) as summed
  full join app_private.recounted_usage(usage_differences.organization_id) as counted
    on counted.meter = summed.meter and counted.period_starts_at = summed.period_starts_at
  where (summed.quantity, summed.records, summed.last_occurred_at, summed.period_ends_at)
    is distinct from (counted.quantity, counted.records, counted.last_occurred_at, counted.period_ends_at);
end;

comment on function app_private.usage_differences is 'Where the summaries of a clinic are not what its records add up to: nowhere.';
grant execute on function app_private.usage_differences to app_engine;

create or replace function app_private.resummarize_usage(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.usage_watermark(resummarize_usage.organization_id);
  delete from app_public.usage_summaries where usage_summaries.organization_id = resummarize_usage.organization_id;
  delete from app_private.usage_subjects where usage_subjects.organization_id = resummarize_usage.organization_id;
  insert into app_public.usage_summaries (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
  select resummarize_usage.organization_id, counted.*
  from app_private.recounted_usage(resummarize_usage.organization_id) as counted;
  insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
  select distinct usages.organization_id, usages.meter, summaries.period_starts_at, usages.subject_id
  from app_public.usage_records as usages
  join app_public.meters on meters.key = usages.meter and meters.aggregation = 'unique'
  join app_public.usage_summaries as summaries
    on summaries.organization_id = usages.organization_id and summaries.meter = usages.meter
    and usages.occurred_at >= summaries.period_starts_at and usages.occurred_at < summaries.period_ends_at
  cross join lateral app_private.usage_period_at(usages.organization_id, usages.occurred_at) as span (during)
  where lower(span.during) = summaries.period_starts_at and usages.organization_id = resummarize_usage.organization_id;
end;
$$;

comment on function app_private.resummarize_usage is 'Makes the summaries of a clinic again from its records.';
grant execute on function app_private.resummarize_usage to app_engine;
