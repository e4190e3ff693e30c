-- What a bill rests on: usage counted from the records themselves, by when it was used and by when it was told. FND-24, BIL-02.

create or replace function app_private.usage_between(
  organization_id uuid, meter text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    case (select meters.aggregation from app_public.meters where meters.key = usage_between.meter)
      when 'sum' then sum(records.quantity)
      when 'count' then count(*)
      when 'max' then max(records.quantity)
      when 'unique' then count(distinct records.subject_id)
      when 'latest' then (array_agg(records.quantity order by records.occurred_at desc, records.position desc))[1]
    end, 0)
  from app_public.usage_records as records
  where records.organization_id = usage_between.organization_id and records.meter = usage_between.meter
    and records.occurred_at >= lower(usage_between.during) and records.occurred_at < upper(usage_between.during)
    and records.position > usage_between.after_position and records.position <= usage_between.to_position;
end;

comment on function app_private.usage_between is
  'Usage of a meter within half-open borders that was recorded after one position and up to another, by the aggregation of the meter.';
grant execute on function app_private.usage_between to app_engine;

-- A call has the time of its record: ai_calls_by_time_idx answers it alone.
create or replace function app_private.ai_cost_between(
  organization_id uuid, currency text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
begin atomic
  select coalesce(sum(calls.cost), 0)
  from app_public.ai_calls as calls
  where calls.organization_id = ai_cost_between.organization_id and calls.currency = ai_cost_between.currency
    and calls.occurred_at >= lower(ai_cost_between.during) and calls.occurred_at < upper(ai_cost_between.during)
    and calls.priced_position > ai_cost_between.after_position and calls.priced_position <= ai_cost_between.to_position;
end;

comment on function app_private.ai_cost_between is
  'What AI calls within half-open borders cost, exact and without markup, as far as it was known after one position and up to another.';
grant execute on function app_private.ai_cost_between to app_engine;
