-- What a rule of scoring may say: which fields, how many of them at least, and which way is better. A step of
-- content_problems(). FRM-09.

create or replace function app_private.with_score(problems jsonb, score jsonb, path text, fields jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_field record;
  v_bad text;
begin
  if jsonb_typeof(score) <> 'object' then
    return app_private.with_problem(problems, path, 'not_an_object');
  end if;
  problems := app_private.with_unknown(problems, score, path, '{key,label,method,fields,min_answered,direction,version,range}');
  problems := app_private.with_text(problems, score, path, 'label', true);
  if coalesce(jsonb_typeof(score -> 'key') <> 'string' or score ->> 'key' !~ '^[a-z][a-z0-9_]{0,62}$', true) then
    problems := app_private.with_problem(problems, path || '.key', 'key_not_usable');
  end if;
  if coalesce(score ->> 'method' not in ('sum', 'mean', 'max'), true) then
    problems := app_private.with_problem(problems, path || '.method', 'method_unknown');
  end if;
  if coalesce(score ->> 'direction' not in ('lower_is_better', 'higher_is_better'), true) then
    problems := app_private.with_problem(problems, path || '.direction', 'direction_unknown');
  end if;

  if jsonb_typeof(score -> 'fields') is distinct from 'array' or jsonb_array_length(score -> 'fields') not between 1 and 200 then
    return app_private.with_problem(problems, path || '.fields', 'not_a_list', 200);
  end if;
  for v_field in select value, ordinality - 1 as place from jsonb_array_elements(score -> 'fields') with ordinality loop
    -- A field of an entry that repeats has no single answer.
    if jsonb_typeof(v_field.value) <> 'string' or (fields #> array[v_field.value #>> '{}', 'scored'])::boolean is not true
       or fields #> array[v_field.value #>> '{}', 'levels'] <> '[]' then
      problems := app_private.with_problem(problems, format('%s.fields[%s]', path, v_field.place), 'field_not_usable');
    end if;
  end loop;
  if (select count(distinct value) from jsonb_array_elements(score -> 'fields')) < jsonb_array_length(score -> 'fields') then
    problems := app_private.with_problem(problems, path || '.fields', 'key_twice');
  end if;
  v_bad := coalesce(
    case when not score ? 'version' then 'version' end,
    app_private.bounds_problem(score, 'version', null, 1, 1000000),
    app_private.bounds_problem(score, 'min_answered', null, 1, jsonb_array_length(score -> 'fields')),
    case when score ? 'range' and not coalesce(
      jsonb_typeof(score -> 'range') = 'array' and jsonb_array_length(score -> 'range') = 2
      and jsonb_typeof(score #> '{range,0}') = 'number' and jsonb_typeof(score #> '{range,1}') = 'number'
      and (score #> '{range,0}')::numeric < (score #> '{range,1}')::numeric, false) then 'range' end);
  return case when v_bad is null then problems else app_private.with_problem(problems, path || '.' || v_bad, 'bound_not_usable') end;
end;
$$;

comment on function app_private.with_score is 'The problems, and what is wrong with a rule of scoring: see content_problems().';
grant execute on function app_private.with_score to app_engine;
