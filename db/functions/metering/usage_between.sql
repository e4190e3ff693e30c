-- What a meter comes to by the records of a time whose positions are in a range. FND-24.

create or replace function app_private.usage_between(
  organization_id uuid, meter text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
as $$
  select coalesce(case (select meters.aggregation from app_public.meters where meters.key = usage_between.meter)
    when 'sum' then sum(usage_records.quantity)
    when 'count' then count(*)
    when 'max' then max(usage_records.quantity)
    when 'unique' then count(distinct usage_records.subject_id)
    else (array_agg(usage_records.quantity order by usage_records.occurred_at desc, usage_records.position desc))[1]
  end, 0)
  from app_public.usage_records
  where usage_records.organization_id = usage_between.organization_id
    and usage_records.meter = usage_between.meter
    and usage_records.occurred_at >= lower(usage_between.during) and usage_records.occurred_at < upper(usage_between.during)
    and usage_records.position > usage_between.after_position and usage_records.position <= usage_between.to_position
$$;

comment on function app_private.usage_between is 'How much was used, in the unit of the meter.';
grant execute on function app_private.usage_between to app_engine;
