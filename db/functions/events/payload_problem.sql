-- Says where a payload leaves its schema. FND-14.
-- The subset of JSON Schema that the catalog uses, and nothing else: a closed object of scalars. In
-- plain loops: one query over all of it takes longer to be made ready than eight fields take to be read.

create or replace function app_private.payload_problem(schema jsonb, payload jsonb) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_problem text;
  v_name text;
  v_value jsonb;
  v_rule jsonb;
  v_kind text;
begin
  if jsonb_typeof(payload) is distinct from 'object' then
    return '$';
  end if;
  for v_name in select jsonb_array_elements_text(schema -> 'required') loop
    if not payload ? v_name then
      v_problem := least(v_problem, v_name);
    end if;
  end loop;

  for v_name, v_value in select field.key, field.value from jsonb_each(payload) as field loop
    v_rule := schema -> 'properties' -> v_name;
    v_kind := jsonb_typeof(v_value);
    if v_kind = 'number' and v_rule @> '{"type": "integer"}' and v_value::numeric % 1 = 0 then
      v_kind := 'integer';
    end if;
    -- A list of types contains the one, and one type itself; without a rule nothing does.
    if v_rule -> 'type' @> to_jsonb(v_kind) is not true
      or (v_rule ? 'enum' and not v_rule -> 'enum' @> jsonb_build_array(v_value))
      or (v_kind = 'string' and case v_rule ->> 'format'
        when 'uuid' then v_value #>> '{}' !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
        when 'date-time' then
          v_value #>> '{}' !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$'
          or not pg_catalog.pg_input_is_valid(v_value #>> '{}', 'timestamptz')
        else false
      end)
    then
      v_problem := least(v_problem, v_name);
    end if;
  end loop;
  return v_problem;
end;
$$;

comment on function app_private.payload_problem is
  'The first field that does not fit the schema ($ for the whole), or null when the payload fits.';

grant execute on function app_private.payload_problem to app_engine;
