-- What an item of a template may say, by its type. A step of content_problems(). FRM-02.

create or replace function app_private.with_item(problems jsonb, item jsonb, path text, repeats boolean) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_type constant text := item ->> 'type';
  v_own text[];
  v_linked constant boolean := v_type in ('text', 'long_text', 'email', 'phone', 'integer', 'number', 'scale', 'boolean', 'date', 'choice', 'choices');
  v_bad text;
begin
  v_own := case v_type
    when 'text' then '{min_length,max_length}'
    when 'long_text' then '{min_length,max_length}'
    when 'email' then '{}'
    when 'phone' then '{}'
    when 'integer' then '{min,max}'
    when 'number' then '{min,max}'
    when 'scale' then '{min,max,min_label,max_label}'
    when 'boolean' then '{}'
    when 'date' then '{min,max}'
    when 'choice' then '{options}'
    when 'choices' then '{options,min_chosen,max_chosen}'
    when 'file' then '{max_files}'
    when 'statement' then '{text}'
    when 'group' then '{items,repeat}'
  end::text[];
  if v_own is null then
    return app_private.with_problem(problems, path || '.type', 'type_unknown');
  end if;

  problems := app_private.with_unknown(problems, item, path,
    v_own || '{key,type,label,help,visible_if}'::text[]
    || case when v_type in ('statement', 'group') then '{}' else '{required}' end::text[]
    || case when v_linked then '{profile_field,custom_field}' else '{}' end::text[]);
  problems := app_private.with_text(problems, item, path, 'label', v_type <> 'statement');
  problems := app_private.with_text(problems, item, path, 'help');
  problems := app_private.with_text(problems, item, path, 'text', v_type = 'statement');
  problems := app_private.with_text(problems, item, path, 'min_label');
  problems := app_private.with_text(problems, item, path, 'max_label');
  if jsonb_typeof(item -> 'required') <> 'boolean' then
    problems := app_private.with_problem(problems, path || '.required', 'not_a_boolean');
  end if;

  v_bad := case
    when v_type in ('text', 'long_text') then app_private.bounds_problem(item, 'min_length', 'max_length', 0, 10000)
    when v_type = 'choices' then app_private.bounds_problem(item, 'min_chosen', 'max_chosen', 0, 200)
    when v_type = 'file' then app_private.bounds_problem(item, null, 'max_files', 1, 20)
    when v_type in ('integer', 'scale') then app_private.bounds_problem(item, 'min', 'max', -1000000000, 1000000000)
    when v_type = 'number' then app_private.bounds_problem(item, 'min', 'max', -1000000000, 1000000000, whole => false)
    when v_type = 'date' then (
      select case when bool_or(jsonb_typeof(bound.value) <> 'string' or bound.value #>> '{}' !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                               or not pg_input_is_valid(bound.value #>> '{}', 'date')) then 'min'
                  when item ->> 'min' collate "C" > item ->> 'max' then 'max' end
      from jsonb_each(item) as bound where bound.key in ('min', 'max'))
    when v_type = 'group' then
      case when jsonb_typeof(item -> 'repeat') <> 'object' or (item -> 'repeat') - '{min,max}'::text[] <> '{}' then 'repeat'
           when app_private.bounds_problem(item -> 'repeat', 'min', 'max', 0, 100) is not null then 'repeat' end
  end;
  if v_type = 'scale' and not (item ? 'min' and item ? 'max') then
    v_bad := coalesce(v_bad, case when item ? 'min' then 'max' else 'min' end);
  end if;
  if v_bad is not null then
    problems := app_private.with_problem(problems, path || '.' || v_bad, 'bound_not_usable');
  end if;
  if v_type in ('choice', 'choices') then
    problems := app_private.with_options(problems, item -> 'options', path || '.options');
  end if;

  if item ? 'profile_field' and (repeats or item ? 'custom_field'
      or v_type is distinct from case item ->> 'profile_field'
           when 'given_name' then 'text' when 'family_name' then 'text' when 'email' then 'email'
           when 'phone' then 'phone' when 'birth_date' then 'date' end) then
    problems := app_private.with_problem(problems, path || '.profile_field', 'field_not_usable');
  end if;
  if item ? 'custom_field' and (repeats or jsonb_typeof(item -> 'custom_field') <> 'string'
      or item ->> 'custom_field' !~ '^[a-z][a-z0-9_]{0,62}$') then
    problems := app_private.with_problem(problems, path || '.custom_field', 'field_not_usable');
  end if;
  return problems;
end;
$$;

comment on function app_private.with_item is 'The problems, and what is wrong with one item: see content_problems().';
grant execute on function app_private.with_item to app_engine;

-- The name of a bound that is no number within what is sensible, or that is beyond the other one.
create or replace function app_private.bounds_problem(
  item jsonb, lower_name text, upper_name text, lowest numeric, highest numeric, whole boolean default true
) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_name text;
  v_numbers numeric[] := array[null, null];
  v_place int := 0;
begin
  foreach v_name in array array[lower_name, upper_name] loop
    v_place := v_place + 1;
    if jsonb_typeof(item -> v_name) <> 'number' then
      return v_name;
    end if;
    v_numbers[v_place] := (item -> v_name)::numeric;
    if v_numbers[v_place] not between lowest and highest or (whole and v_numbers[v_place] % 1 <> 0) then
      return v_name;
    end if;
  end loop;
  return case when v_numbers[1] > v_numbers[2] then upper_name end;
end;
$$;

comment on function app_private.bounds_problem is 'Which of two bounds of an item is not usable; null where both are.';
grant execute on function app_private.bounds_problem to app_engine;

create or replace function app_private.with_options(problems jsonb, options jsonb, path text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_option record;
  v_at text;
  v_values jsonb := '{}';
begin
  if jsonb_typeof(options) is distinct from 'array' or jsonb_array_length(options) = 0 then
    return app_private.with_problem(problems, path, 'not_a_list');
  elsif jsonb_array_length(options) > 200 then
    return app_private.with_problem(problems, path, 'too_many', 200);
  end if;
  for v_option in select value, ordinality - 1 as place from jsonb_array_elements(options) with ordinality loop
    v_at := format('%s[%s]', path, v_option.place);
    if jsonb_typeof(v_option.value) <> 'object' then
      problems := app_private.with_problem(problems, v_at, 'not_an_object');
      continue;
    end if;
    problems := app_private.with_unknown(problems, v_option.value, v_at, '{value,label,score}');
    problems := app_private.with_text(problems, v_option.value, v_at, 'label', true);
    if jsonb_typeof(v_option.value -> 'value') is distinct from 'string' or length(v_option.value ->> 'value') not between 1 and 100 then
      problems := app_private.with_problem(problems, v_at || '.value', 'value_not_usable', 100);
    elsif v_values ? (v_option.value ->> 'value') then
      problems := app_private.with_problem(problems, v_at || '.value', 'key_twice');
    else
      v_values := v_values || jsonb_build_object(v_option.value ->> 'value', true);
    end if;
    if app_private.bounds_problem(v_option.value, 'score', null, -1000000, 1000000, whole => false) is not null then
      problems := app_private.with_problem(problems, v_at || '.score', 'bound_not_usable');
    end if;
  end loop;
  return problems;
end;
$$;

comment on function app_private.with_options is 'The problems, and what is wrong with the options of a choice: see content_problems().';
grant execute on function app_private.with_options to app_engine;
