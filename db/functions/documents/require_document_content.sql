-- What is written into a document is what its template asks: keys that it declares, of their types, and all that is required once it
-- is to be issued. DOC-04.

create or replace function app_private.require_document_content(editor_state jsonb, content jsonb, complete boolean) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_inputs constant jsonb := app_private.document_inputs_of(editor_state);
  v_problems jsonb := '[]';
  v_entry record;
begin
  if jsonb_typeof(content) <> 'object' then
    v_problems := app_private.with_problem(v_problems, '$', 'not_an_object');
  else
    for v_entry in select key, value from jsonb_each(content) loop
      if not v_inputs ? v_entry.key then
        v_problems := app_private.with_problem(v_problems, left(v_entry.key, 60), 'property_unknown');
      else
        v_problems := app_private.with_input(v_problems, v_inputs -> v_entry.key, v_entry.value, v_entry.key);
      end if;
    end loop;
    for v_entry in
      select input.key from jsonb_each(v_inputs) as input
      where complete and (input.value -> 'required')::boolean
        and (jsonb_typeof(coalesce(content -> input.key, 'null')) = 'null' or btrim(content ->> input.key) in ('', '[]'))
      order by input.key
    loop
      v_problems := app_private.with_problem(v_problems, v_entry.key, 'required');
    end loop;
  end if;
  perform app_private.refuse_problems('answers_not_valid', v_problems);
end;
$$;

comment on function app_private.require_document_content is
  'VALIDATION answers_not_valid with each place where content is not what the inputs of a template ask.';
grant execute on function app_private.require_document_content to app_engine;

create or replace function app_private.with_input(problems jsonb, input jsonb, value jsonb, path text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_entry record;
begin
  if jsonb_typeof(value) = 'null' then
    return problems;
  end if;
  case input ->> 'type'
    when 'rows' then
      if jsonb_typeof(value) <> 'array' then
        return app_private.with_problem(problems, path, 'not_a_list');
      elsif jsonb_array_length(value) > 500 then
        return app_private.with_problem(problems, path, 'too_many', 500);
      end if;
      for v_entry in select entry, place - 1 as place from jsonb_array_elements(value) with ordinality as each (entry, place) loop
        if jsonb_typeof(v_entry.entry) <> 'object' then
          problems := app_private.with_problem(problems, format('%s[%s]', path, v_entry.place), 'not_an_object');
        else
          select coalesce(jsonb_agg(problem), problems) into problems
          from (
            select jsonb_array_elements(problems) as problem
            union all
            select jsonb_array_elements(case when input -> 'columns' ? cell.key
              then app_private.with_input('[]', jsonb_build_object('type', input -> 'columns' -> cell.key), cell.value,
                                          format('%s[%s].%s', path, v_entry.place, cell.key))
              else app_private.with_problem('[]', format('%s[%s].%s', path, v_entry.place, left(cell.key, 60)), 'property_unknown') end)
            from jsonb_each(v_entry.entry) as cell) as every;
        end if;
      end loop;
      return problems;
    when 'number' then
      return case when jsonb_typeof(value) = 'number' then problems else app_private.with_problem(problems, path, 'not_a_number') end;
    when 'date' then
      return case when value #>> '{}' ~ '^\d{4}-\d{2}-\d{2}$' and pg_input_is_valid(value #>> '{}', 'date')
        then problems else app_private.with_problem(problems, path, 'not_a_date') end;
    when 'choice' then
      return case when jsonb_typeof(value) = 'string' and input -> 'options' ? (value #>> '{}')
        then problems else app_private.with_problem(problems, path, 'word_unknown') end;
    else
      return case when jsonb_typeof(value) <> 'string' then app_private.with_problem(problems, path, 'not_a_text')
        when length(value #>> '{}') > case input ->> 'type' when 'text' then 1000 else 20000 end
          then app_private.with_problem(problems, path, 'too_long', case input ->> 'type' when 'text' then 1000 else 20000 end)
        else problems end;
  end case;
end;
$$;

comment on function app_private.with_input is 'The problems, and what is wrong with what was written into one input.';
grant execute on function app_private.with_input to app_engine;
