-- Checks what documents know by themselves: runs of text, blocks, inputs, fields, pictures and components. A step of
-- walk_document(). DOC-01.

create or replace function app_private.walk_format(schema jsonb, given jsonb, path text, scope jsonb, depth int, problems jsonb)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_scope constant jsonb := case when schema ->> 'scope' = 'over' and scope ? 'over'
    then scope || jsonb_build_object('collection', scope -> 'over') - 'over' else scope - 'over' end;
  v_part record;
begin
  case schema ->> 'format'
    when 'runs', 'blocks' then
      if jsonb_typeof(given) <> 'array' then
        return app_private.with_problem(problems, path, 'not_a_list');
      elsif schema ->> 'format' = 'blocks' and depth >= (app_private.document_limits() ->> 'depth')::int then
        return app_private.with_problem(problems, path, 'too_deep', (app_private.document_limits() ->> 'depth')::int);
      end if;
      problems := app_private.with_bounds('{"maxItems": 500}', jsonb_array_length(given), path, problems);
      for v_part in select entry, place - 1 as place from jsonb_array_elements(given) with ordinality as each (entry, place) where place <= 500 loop
        problems := case schema ->> 'format'
          when 'runs' then app_private.walk_run(v_part.entry, format('%s[%s]', path, v_part.place), v_scope, problems)
          else app_private.walk_block(v_part.entry, format('%s[%s]', path, v_part.place), v_scope, depth + 1, problems) end;
      end loop;
    when 'inputs' then
      return app_private.walk_inputs(given, path, problems);
    when 'value' then
      if jsonb_typeof(given) not in ('string', 'number') or length(given #>> '{}') > 200 then
        return app_private.with_problem(problems, path, 'value_not_usable');
      end if;
    when 'field' then
      if app_private.document_field_type(given #>> '{}', scope) is null then
        return app_private.with_problem(problems, path, 'field_unknown');
      end if;
    when 'image' then
      if not exists (
        select from app_public.files
        where files.organization_id = (scope ->> 'organization')::uuid and files.id::text = given #>> '{}'
          and files.surface = 'document_images' and files.status = 'confirmed'
      ) then
        return app_private.with_problem(problems, path, 'image_unknown');
      end if;
    when 'component' then
      if not exists (
        select from app_public.pdf_template_components as component
        where component.organization_id = (scope ->> 'organization')::uuid and component.id::text = given #>> '{}'
          and component.kind = scope ->> 'block'
      ) then
        return app_private.with_problem(problems, path, 'component_unknown');
      end if;
  end case;
  return problems;
end;
$$;

comment on function app_private.walk_format is 'The problems, and what is wrong with a value of a format of documents: see walk_document().';
grant execute on function app_private.walk_format to app_engine;

create or replace function app_private.walk_block(given jsonb, path text, scope jsonb, depth int, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_block app_private.document_block_types;
begin
  if jsonb_typeof(given) <> 'object' then
    return app_private.with_problem(problems, path, 'not_an_object');
  end if;
  select document_block_types.* into v_block
  from app_private.document_block_types
  where document_block_types.type = given ->> 'type';
  if not found then
    return app_private.with_problem(problems, path || '.type', 'block_unknown');
  elsif scope ->> 'kind' <> all (v_block.kinds) or (v_block.type in ('letterhead', 'footer') and depth > 1) then
    problems := app_private.with_problem(problems, path || '.type', 'block_not_here');
  end if;
  if jsonb_typeof(given -> 'id') is distinct from 'string' or given ->> 'id' !~ '^[a-z][a-z0-9_-]{0,62}$' then
    problems := app_private.with_problem(problems, path || '.id', 'key_not_usable');
  end if;
  if v_block.type = 'table' and ((given ? 'over') = (given ? 'rows') or (given ? 'over' and
      jsonb_path_exists(given, 'lax $.columns[*] ? (!exists(@.cell))'))) then
    problems := app_private.with_problem(problems, path, 'rows_or_collection');
  end if;
  return app_private.walk_document(
    v_block.schema || '{"block": true}', given, path, scope || jsonb_build_object('block', v_block.type), depth, problems);
end;
$$;

comment on function app_private.walk_block is 'The problems, and what is wrong with one block.';
grant execute on function app_private.walk_block to app_engine;

create or replace function app_private.walk_run(given jsonb, path text, scope jsonb, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_marks constant jsonb := '{"bold": {"type": "boolean"}, "italic": {"type": "boolean"}}';
  v_type text;
begin
  if given ? 'field' then
    problems := app_private.walk_document(jsonb_build_object(
      'type', 'object', 'properties', v_marks || '{"field": {"type": "string", "format": "field"}, "format": {"type": "string", "maxLength": 30}}'),
      given, path, scope, 0, problems);
    v_type := app_private.document_field_type(given ->> 'field', scope);
    if v_type = 'collection' then
      return app_private.with_problem(problems, path || '.field', 'field_unknown');
    elsif given ? 'format' and v_type is not null and given ->> 'format' <> all (app_private.document_formats(v_type)) then
      return app_private.with_problem(problems, path || '.format', 'format_unknown');
    end if;
    return problems;
  end if;
  return app_private.walk_document(jsonb_build_object(
    'type', 'object', 'required', '["text"]'::jsonb, 'properties', v_marks || '{"text": {"type": "string", "maxLength": 5000}}'),
    given, path, scope, 0, problems);
end;
$$;

comment on function app_private.walk_run is 'The problems, and what is wrong with one run of text or one bound field.';
grant execute on function app_private.walk_run to app_engine;

create or replace function app_private.walk_inputs(given jsonb, path text, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_twice text;
begin
  problems := app_private.walk_document(app_private.document_inputs_schema(), given, path, '{}', 0, problems);
  select input ->> 'key' into v_twice
  from jsonb_path_query(given, 'lax $[*]') as input group by input ->> 'key' having count(*) > 1 order by input ->> 'key' limit 1;
  if v_twice is not null then
    problems := app_private.with_problem(problems, path, 'key_twice');
  end if;
  if jsonb_path_exists(given, 'lax $[*] ? ((@.type == "rows" && !exists(@.columns)) || (@.type != "rows" && exists(@.columns))
      || (@.type == "choice" && !exists(@.options)) || (@.type != "choice" && exists(@.options)))') then
    problems := app_private.with_problem(problems, path, 'columns_or_options');
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_inputs is 'The problems, and what is wrong with the inputs that a template declares.';
grant execute on function app_private.walk_inputs to app_engine;
