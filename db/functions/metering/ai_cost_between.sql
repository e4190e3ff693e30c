-- What AI calls of a time cost, by those whose cost was known in a range of positions. FND-24.

create or replace function app_private.ai_cost_between(
  organization_id uuid, currency text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
as $$
  select coalesce(sum(ai_calls.cost), 0)
  from app_public.usage_records
  join app_public.ai_calls
    on ai_calls.organization_id = usage_records.organization_id and ai_calls.usage_record_id = usage_records.id
  where usage_records.organization_id = ai_cost_between.organization_id
    and usage_records.meter = 'ai_calls'
    and usage_records.occurred_at >= lower(ai_cost_between.during) and usage_records.occurred_at < upper(ai_cost_between.during)
    and ai_calls.currency = ai_cost_between.currency
    and ai_calls.priced_position > ai_cost_between.after_position and ai_calls.priced_position <= ai_cost_between.to_position
$$;

comment on function app_private.ai_cost_between is 'The exact sum of the costs, in minor units.';
grant execute on function app_private.ai_cost_between to app_engine;
