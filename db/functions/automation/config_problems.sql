-- Says where a value leaves its schema. AUT-02.
-- The subset of JSON Schema (draft 2020-12) that actions use: type, properties, required, additionalProperties, minProperties,
-- items, minItems, maxItems, enum, minimum, maximum, minLength, maxLength, format uuid, time and date. All problems, with paths.

create or replace function app_private.config_problems(schema jsonb, value jsonb, place text default '$')
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind text := jsonb_typeof(config_problems.value);
  v_text text := config_problems.value #>> '{}';
begin
  if v_kind = 'number' and config_problems.value::numeric % 1 = 0 and config_problems.schema @> '{"type": "integer"}' then
    v_kind := 'integer';
  end if;
  if config_problems.schema ? 'type' and not config_problems.schema -> 'type' @> to_jsonb(coalesce(v_kind, 'null')) then
    return query select place, 'type_mismatch'::text, jsonb_build_object('type', config_problems.schema -> 'type');
    return;
  end if;
  if config_problems.schema ? 'enum' and not config_problems.schema -> 'enum' @> jsonb_build_array(config_problems.value) then
    return query select place, 'not_offered'::text, jsonb_build_object('offered', config_problems.schema -> 'enum');
  end if;
  if v_kind in ('number', 'integer')
    and (v_text::numeric < (config_problems.schema ->> 'minimum')::numeric
         or v_text::numeric > (config_problems.schema ->> 'maximum')::numeric)
    or v_kind = 'string'
    and (char_length(v_text) < (config_problems.schema ->> 'minLength')::int
         or char_length(v_text) > (config_problems.schema ->> 'maxLength')::int)
    or v_kind = 'array'
    and (jsonb_array_length(config_problems.value) < (config_problems.schema ->> 'minItems')::int
         or jsonb_array_length(config_problems.value) > (config_problems.schema ->> 'maxItems')::int)
  then
    return query select place, 'out_of_bounds'::text, jsonb_strip_nulls(jsonb_build_object(
      'least', coalesce(config_problems.schema -> 'minimum', config_problems.schema -> 'minLength', config_problems.schema -> 'minItems'),
      'most', coalesce(config_problems.schema -> 'maximum', config_problems.schema -> 'maxLength', config_problems.schema -> 'maxItems')));
  end if;
  if v_kind = 'string' and (case config_problems.schema ->> 'format'
    when 'uuid' then v_text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
    when 'time' then v_text !~ '^([01]\d|2[0-3]):[0-5]\d$'
    when 'date' then v_text !~ '^\d{4}-\d\d-\d\d$' or not pg_catalog.pg_input_is_valid(v_text, 'date')
    else false
  end) then
    return query select place, 'format_mismatch'::text, jsonb_build_object('format', config_problems.schema -> 'format');
  end if;

  if v_kind = 'object' then
    return query
      select place || '.' || needed.name, 'is_missing'::text, '{}'::jsonb
      from jsonb_array_elements_text(config_problems.schema -> 'required') as needed (name)
      where not config_problems.value ? needed.name;
    if config_problems.value = '{}' and (config_problems.schema ->> 'minProperties')::int > 0 then
      return query select place, 'is_empty'::text, '{}'::jsonb;
    end if;
    return query
      select problem.path, problem.reason, problem.details
      from jsonb_each(config_problems.value) as given (name, value)
      cross join lateral (
        select place || '.' || given.name as path, 'property_unknown'::text as reason, '{}'::jsonb as details
        where not config_problems.schema -> 'properties' ? given.name
          and config_problems.schema -> 'additionalProperties' = 'false'
        union all
        select deeper.path, deeper.reason, deeper.details
        from app_private.config_problems(
          config_problems.schema -> 'properties' -> given.name, given.value, place || '.' || given.name) as deeper
        where config_problems.schema -> 'properties' ? given.name
      ) as problem;
  elsif v_kind = 'array' and config_problems.schema ? 'items' then
    return query
      select deeper.path, deeper.reason, deeper.details
      from jsonb_array_elements(config_problems.value) with ordinality as item (value, nth)
      cross join lateral app_private.config_problems(
        config_problems.schema -> 'items', item.value, format('%s[%s]', place, item.nth - 1)) as deeper;
  end if;
end;
$$;

comment on function app_private.config_problems is 'Everything that does not fit the schema, each with its path.';
grant execute on function app_private.config_problems to app_engine;
