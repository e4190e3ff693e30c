-- Compares a value of a template with its schema, and goes on inside. A step of template_problems(). DOC-01.
-- The schema is the subset of JSON Schema that stands in document_block_types: type, enum, required, properties (others are not
-- known), items, bounds, pattern, and the formats of documents. scope: clinic, kind, inputs, and the collection whose
-- rows are gone through around the place.

create or replace function app_private.walk_document(schema jsonb, given jsonb, path text, scope jsonb, depth int, problems jsonb)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_type constant text := schema ->> 'type';
  v_is constant text := jsonb_typeof(given);
  v_part record;
  v_scope jsonb := scope;
begin
  if jsonb_array_length(problems) >= 100 then
    return problems;
  elsif schema ->> 'format' not in ('condition', 'collection') then
    return app_private.walk_format(schema, given, path, scope, depth, problems);
  elsif schema ? 'enum' then
    return case when schema -> 'enum' @> given and v_is <> 'array' then problems else app_private.with_problem(problems, path, 'word_unknown') end;
  elsif v_is <> (case v_type when 'integer' then 'number' else v_type end) then
    return app_private.with_problem(problems, path, case v_type
      when 'object' then 'not_an_object' when 'array' then 'not_a_list' when 'string' then 'not_a_text'
      when 'boolean' then 'not_a_boolean' else 'not_a_number' end);
  end if;

  if v_type = 'object' then
    -- What a block goes through decides what is bound inside of it.
    if given ? 'over' and schema -> 'properties' -> 'over' ->> 'format' = 'collection' then
      v_scope := scope || jsonb_build_object('over', given -> 'over');
    end if;
    for v_part in select key, member from jsonb_each(given) as each (key, member) where key not in ('type', 'id') or not schema ? 'block' loop
      if not schema -> 'properties' ? v_part.key then
        problems := app_private.with_problem(problems, path || '.' || left(v_part.key, 60), 'property_unknown');
      else
        problems := app_private.walk_document(
          schema -> 'properties' -> v_part.key, v_part.member, path || '.' || v_part.key, v_scope, depth, problems);
      end if;
    end loop;
    for v_part in select required as key from jsonb_array_elements_text(schema -> 'required') as required where not given ? required loop
      problems := app_private.with_problem(problems, path || '.' || v_part.key, 'required');
    end loop;
    if schema ->> 'format' = 'condition' and given ? 'field' and given ? 'operator' then
      problems := app_private.walk_comparison(given, path, scope, problems);
    end if;
  elsif v_type = 'array' then
    problems := app_private.with_bounds(schema, jsonb_array_length(given), path, problems);
    for v_part in select entry, place - 1 as place from jsonb_array_elements(given) with ordinality as each (entry, place) where place <= 500 loop
      problems := app_private.walk_document(
        schema -> 'items', v_part.entry, format('%s[%s]', path, v_part.place), scope, depth, problems);
    end loop;
  elsif v_type = 'string' then
    if length(given #>> '{}') > coalesce((schema ->> 'maxLength')::int, 5000) then
      problems := app_private.with_problem(problems, path, 'too_long', coalesce((schema ->> 'maxLength')::int, 5000));
    elsif given #>> '{}' !~ coalesce(schema ->> 'pattern', '') then
      problems := app_private.with_problem(problems, path, 'not_of_this_shape');
    elsif schema ->> 'format' = 'collection' and app_private.document_field_type(given #>> '{}', scope - 'collection') is distinct from 'collection' then
      problems := app_private.with_problem(problems, path, 'collection_unknown');
    end if;
  elsif v_type in ('number', 'integer') then
    if v_type = 'integer' and (given #>> '{}')::numeric % 1 <> 0 then
      problems := app_private.with_problem(problems, path, 'not_a_whole_number');
    elsif (given #>> '{}')::numeric < (schema ->> 'minimum')::numeric or (given #>> '{}')::numeric > (schema ->> 'maximum')::numeric then
      problems := app_private.with_problem(problems, path, 'out_of_range', (schema ->> 'maximum')::int);
    end if;
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_document is 'The problems, and what is wrong with a value by its schema: see template_problems().';
grant execute on function app_private.walk_document to app_engine;

create or replace function app_private.with_bounds(schema jsonb, size int, path text, problems jsonb) returns jsonb
language sql immutable
set search_path = ''
return case
  when size > (schema ->> 'maxItems')::int then app_private.with_problem(problems, path, 'too_many', (schema ->> 'maxItems')::int)
  when size < (schema ->> 'minItems')::int then app_private.with_problem(problems, path, 'too_few', (schema ->> 'minItems')::int)
  else problems end;

comment on function app_private.with_bounds is 'The problems, and that a list is too long or too short.';
grant execute on function app_private.with_bounds to app_engine;

-- What a condition compares with what: by the type of its field.
create or replace function app_private.walk_comparison(given jsonb, path text, scope jsonb, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_type constant text := app_private.document_field_type(given ->> 'field', scope);
  v_operator constant text := given ->> 'operator';
begin
  if v_operator in ('is_filled', 'is_empty') then
    return case when given ? 'value' then app_private.with_problem(problems, path || '.value', 'value_not_usable') else problems end;
  elsif v_type is null then
    return problems; -- The field is told already.
  elsif not given ? 'value' then
    return app_private.with_problem(problems, path || '.value', 'required');
  elsif v_type in ('collection', 'money')
    or (v_operator in ('greater', 'less', 'at_least', 'at_most') and v_type not in ('number', 'date', 'instant'))
    or (v_operator = 'contains' and v_type not in ('text', 'long_text')) then
    return app_private.with_problem(problems, path || '.operator', 'operator_unknown');
  elsif jsonb_typeof(given -> 'value') <> (case v_type when 'number' then 'number' else 'string' end)
    or (v_type in ('date', 'instant') and not pg_input_is_valid(given ->> 'value', 'date')) then
    return app_private.with_problem(problems, path || '.value', 'value_not_usable');
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_comparison is 'The problems, and what is wrong with what a condition compares.';
grant execute on function app_private.walk_comparison to app_engine;
