-- Whether an item is shown. A field that was not answered, or is hidden itself, is known to none of the comparisons, so all
-- of them are false but not_answered. FRM-04. Of a value that is no number and no text no order is known.

create or replace function app_private.form_condition(condition jsonb, inner_values jsonb, outer_values jsonb) returns boolean
language plpgsql immutable
set search_path = ''
as $$
declare
  v_part jsonb;
  v_op text;
  v_field text;
  v_answer jsonb;
  v_value jsonb;
  v_order int;
begin
  if condition ? 'all' then
    for v_part in select value from jsonb_array_elements(condition -> 'all') loop
      if not app_private.form_condition(v_part, inner_values, outer_values) then
        return false;
      end if;
    end loop;
    return true;
  elsif condition ? 'any' then
    for v_part in select value from jsonb_array_elements(condition -> 'any') loop
      if app_private.form_condition(v_part, inner_values, outer_values) then
        return true;
      end if;
    end loop;
    return false;
  elsif condition ? 'not' then
    return not app_private.form_condition(condition -> 'not', inner_values, outer_values);
  end if;

  v_op := condition ->> 'op';
  v_field := condition ->> 'field';
  v_value := condition -> 'value';
  v_answer := coalesce(inner_values -> v_field, outer_values -> v_field);
  if v_op = 'answered' then
    return v_answer is not null;
  elsif v_op = 'not_answered' then
    return v_answer is null;
  elsif v_answer is null or v_value is null then
    return false;
  end if;

  case v_op
    when 'equals' then
      return v_answer = v_value;
    when 'not_equals' then
      return v_answer <> v_value;
    when 'in' then
      return jsonb_typeof(v_value) = 'array'
        and exists (select from jsonb_array_elements(v_value) as listed where listed.value = v_answer);
    when 'contains' then
      return case jsonb_typeof(v_answer)
        when 'array' then exists (select from jsonb_array_elements(v_answer) as listed where listed.value = v_value)
        when 'string' then position(v_value #>> '{}' in v_answer #>> '{}') > 0
        else false
      end;
    else
      if jsonb_typeof(v_answer) = 'number' and jsonb_typeof(v_value) = 'number' then
        v_order := sign(v_answer::numeric - v_value::numeric);
      elsif jsonb_typeof(v_answer) = 'string' and jsonb_typeof(v_value) = 'string' then
        v_order := case
          when v_answer #>> '{}' collate "C" < v_value #>> '{}' then -1
          when v_answer #>> '{}' collate "C" > v_value #>> '{}' then 1
          else 0
        end;
      else
        return false;
      end if;
      return case v_op
        when 'greater' then v_order > 0
        when 'less' then v_order < 0
        when 'at_least' then v_order >= 0
        when 'at_most' then v_order <= 0
      end;
  end case;
end;
$$;

comment on function app_private.form_condition is
  'Whether a condition of a template holds for answers: those of the same level, and those outside of it.';
grant execute on function app_private.form_condition to app_engine;
