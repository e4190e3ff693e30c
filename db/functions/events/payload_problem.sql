-- Says where a payload leaves its schema. FND-14.
-- The subset of JSON Schema that the catalog uses, and nothing else: a closed object of scalars.

create or replace function app_private.payload_problem(schema jsonb, payload jsonb) returns text
language sql stable parallel safe
set search_path = ''
as $$
  select problem.path
  from (
    select '$' as path
    where jsonb_typeof(payload) is distinct from 'object'
    union all
    select required.name
    from jsonb_array_elements_text(schema -> 'required') as required (name)
    where not coalesce(payload ? required.name, false)
    union all
    select field.key
    from jsonb_each(case when jsonb_typeof(payload) = 'object' then payload else '{}' end) as field (key, value)
    left join lateral (select schema -> 'properties' -> field.key as rule) as property on true
    where property.rule is null
      or not (
        case jsonb_typeof(property.rule -> 'type')
          when 'array' then property.rule -> 'type'
          else jsonb_build_array(property.rule -> 'type')
        end
        @> to_jsonb(
          case
            when jsonb_typeof(field.value) = 'number' and property.rule @> '{"type": "integer"}'
              and (field.value)::numeric % 1 = 0 then 'integer'
            else jsonb_typeof(field.value)
          end
        )
      )
      or (property.rule ? 'enum' and not property.rule -> 'enum' @> jsonb_build_array(field.value))
      or (
        jsonb_typeof(field.value) = 'string'
        and case property.rule ->> 'format'
          when 'uuid' then field.value #>> '{}' !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
          when 'date-time' then
            field.value #>> '{}' !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$'
            or not pg_catalog.pg_input_is_valid(field.value #>> '{}', 'timestamptz')
          else false
        end
      )
  ) as problem
  order by problem.path
  limit 1
$$;

comment on function app_private.payload_problem is
  'The first field that does not fit the schema ($ for the whole), or null when the payload fits.';

grant execute on function app_private.payload_problem to app_engine;
