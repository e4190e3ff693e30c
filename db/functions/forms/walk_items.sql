-- Goes over the items of a template in their order, groups included, and remembers what was declared so far: a condition may
-- look at nothing else. A step of content_problems(). FRM-02.
-- levels: the groups that repeat around the items, from the outside; a field is seen from its own level and from inside of it.

create or replace function app_private.walk_items(
  object jsonb, path text, levels text[], depth int, inout problems jsonb, inout fields jsonb, inout count int
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_items constant jsonb := object -> 'items';
  v_path constant text := concat_ws('.', nullif(path, ''), 'items');
  v_entry record;
  v_item jsonb;
  v_at text;
  v_key text;
  v_type text;
begin
  if jsonb_typeof(v_items) is distinct from 'array' or jsonb_array_length(v_items) = 0 then
    problems := app_private.with_problem(problems, v_path, 'not_a_list');
    return;
  end if;

  for v_entry in select value, ordinality - 1 as place from jsonb_array_elements(v_items) with ordinality loop
    v_item := v_entry.value;
    v_at := format('%s[%s]', v_path, v_entry.place);
    count := count + 1;
    if count > 500 then
      if count = 501 then
        problems := app_private.with_problem(problems, 'items', 'too_many', 500);
      end if;
      return;
    end if;
    if jsonb_typeof(v_item) <> 'object' then
      problems := app_private.with_problem(problems, v_at, 'not_an_object');
      continue;
    end if;
    v_key := v_item ->> 'key';
    v_type := v_item ->> 'type';
    if v_key is null or jsonb_typeof(v_item -> 'key') <> 'string' or v_key !~ '^[a-z][a-z0-9_]{0,62}$' then
      problems := app_private.with_problem(problems, v_at || '.key', 'key_not_usable');
      continue;
    elsif fields ? v_key then
      problems := app_private.with_problem(problems, v_at || '.key', 'key_twice');
      continue;
    end if;
    if v_item ? 'visible_if' then
      problems := app_private.with_condition(problems, v_item -> 'visible_if', v_at || '.visible_if', 1, fields, levels);
    end if;
    problems := app_private.with_item(problems, v_item, v_at, cardinality(levels) > 0);

    if v_type = 'group' then
      fields := fields || jsonb_build_object(v_key, jsonb_build_object('type', 'group'));
      if depth >= 2 then
        problems := app_private.with_problem(problems, v_at, 'too_deep', 2);
      else
        select walked.problems, walked.fields, walked.count into problems, fields, count
        from app_private.walk_items(
          v_item, v_at, case when v_item ? 'repeat' then levels || v_key else levels end, depth + 1, problems, fields, count) as walked;
      end if;
    else
      if exists (
        select from jsonb_each(fields) as declared where declared.value -> 'profile_field' = v_item -> 'profile_field'
      ) then
        problems := app_private.with_problem(problems, v_at || '.profile_field', 'key_twice');
      end if;
      fields := fields || jsonb_build_object(v_key, jsonb_build_object(
        'type', v_type, 'profile_field', v_item -> 'profile_field', 'levels', to_jsonb(levels),
        'scored', v_type in ('integer', 'number', 'scale')
          or (v_type = 'choice' and not jsonb_path_exists(v_item, '$.options[*] ? (!exists(@.score))'))));
    end if;
  end loop;
end;
$$;

comment on function app_private.walk_items is 'The problems of items, with what they declare and how many there are: see content_problems().';
grant execute on function app_private.walk_items to app_engine;

-- {"all": […]}, {"any": […]}, {"not": …} or {"field": "key", "op": …, "value": …}, five deep at most.
create or replace function app_private.with_condition(
  problems jsonb, condition jsonb, path text, depth int, fields jsonb, levels text[]
) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_part record;
  v_op constant text := condition ->> 'op';
  v_field constant jsonb := fields -> (condition ->> 'field');
  v_kind constant text := jsonb_typeof(condition -> 'value');
  v_word text;
begin
  if depth > 5 then
    return app_private.with_problem(problems, path, 'too_deep', 5);
  elsif jsonb_typeof(condition) <> 'object' then
    return app_private.with_problem(problems, path, 'not_a_condition');
  end if;

  select key into v_word from jsonb_object_keys(condition) as key where key in ('all', 'any', 'not') limit 1;
  if v_word is not null then
    if (select count(*) from jsonb_object_keys(condition)) <> 1 then
      return app_private.with_problem(problems, path, 'not_a_condition');
    elsif v_word = 'not' then
      return app_private.with_condition(problems, condition -> 'not', path || '.not', depth + 1, fields, levels);
    elsif jsonb_typeof(condition -> v_word) <> 'array' or jsonb_array_length(condition -> v_word) not between 1 and 50 then
      return app_private.with_problem(problems, path || '.' || v_word, 'not_a_list', 50);
    end if;
    for v_part in select value, ordinality - 1 as place from jsonb_array_elements(condition -> v_word) with ordinality loop
      problems := app_private.with_condition(
        problems, v_part.value, format('%s.%s[%s]', path, v_word, v_part.place), depth + 1, fields, levels);
    end loop;
    return problems;
  end if;

  if condition - '{field,op,value}'::text[] <> '{}' or v_op is null or condition ->> 'field' is null then
    return app_private.with_problem(problems, path, 'not_a_condition');
  elsif v_field ->> 'type' = 'statement'
        -- It is declared, is no group, and stands in the level of whoever asks, or around it.
        or v_field -> 'levels' is null or not array(select jsonb_array_elements_text(v_field -> 'levels')) <@ levels then
    return app_private.with_problem(problems, path || '.field', 'field_not_declared_before');
  end if;
  return case
    when v_op in ('answered', 'not_answered') then
      case when condition ? 'value' then app_private.with_problem(problems, path || '.value', 'value_not_usable') else problems end
    when v_op in ('equals', 'not_equals') then
      case when v_kind in ('string', 'number', 'boolean') and length(condition ->> 'value') <= 1000
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    when v_op = 'in' then
      case when v_kind = 'array' and jsonb_array_length(condition -> 'value') between 1 and 200
             and not jsonb_path_exists(condition, 'strict $.value[*] ? (@.type() == "object" || @.type() == "array" || @.type() == "null")')
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable', 200) end
    when v_op = 'contains' then
      case when v_kind = 'string' then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    when v_op in ('greater', 'less', 'at_least', 'at_most') then
      case when v_kind = case v_field ->> 'type' when 'date' then 'string' else 'number' end
             and (v_kind <> 'string' or pg_input_is_valid(condition ->> 'value', 'date'))
             and v_field ->> 'type' in ('date', 'integer', 'number', 'scale')
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    else app_private.with_problem(problems, path || '.op', 'operator_unknown')
  end;
end;
$$;

comment on function app_private.with_condition is 'The problems, and what is wrong with a condition: see content_problems().';
grant execute on function app_private.with_condition to app_engine;
