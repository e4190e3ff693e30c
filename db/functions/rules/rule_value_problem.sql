-- What is wrong with what a field is compared with, by the type of the field. SEG-02. FRM-04 says alike of answers.

create or replace function app_private.rule_value_problem(
  organization_id uuid, term app_private.rule_term, value jsonb, out reason text, out details jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind constant text := jsonb_typeof(value);
  v_text constant text := value #>> '{}';
begin
  case (term).type
    when 'number' then
      if v_kind <> 'number' then
        reason := 'not_a_number';
      elsif v_text::numeric > coalesce((term).maximum, 1000000000000000) then
        reason := 'too_large';
        details := jsonb_build_object('bound', coalesce((term).maximum, 1000000000000000));
      elsif v_text::numeric < coalesce((term).minimum, -1000000000000000) then
        reason := 'too_small';
        details := jsonb_build_object('bound', coalesce((term).minimum, -1000000000000000));
      elsif (term).is_whole and v_text::numeric % 1 <> 0 then
        reason := 'not_an_integer';
      end if;
    when 'boolean' then
      if v_kind <> 'boolean' then
        reason := 'not_a_boolean';
      end if;
    when 'date' then
      if v_kind <> 'string' or v_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(v_text, 'date') then
        reason := 'not_a_date';
      end if;
    when 'text' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif length(v_text) > 500 then
        reason := 'too_long';
        details := '{"bound": 500}';
      elsif app_hidden.search_text(v_text) = '' then
        reason := 'nothing_to_compare';
      end if;
    else
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif not coalesce((term).choices, app_private.rule_choices(rule_value_problem.organization_id, (term).choices_of))
                @> jsonb_build_array(jsonb_build_object('value', value)) then
        reason := 'not_offered';
      end if;
  end case;
end;
$$;

comment on function app_private.rule_value_problem is 'What keeps a field from being compared with this value; null where nothing does.';
grant execute on function app_private.rule_value_problem to app_engine;

-- What stands in value, by what the operator takes.
create or replace function app_private.rule_operand_problems(
  organization_id uuid, term app_private.rule_term, operand text, node jsonb, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_value constant jsonb := node -> 'value';
  v_at constant text := rule_operand_problems.place || '.value';
  v_least constant int := case operand when 'range' then 2 else 1 end;
  v_most constant int := case operand when 'range' then 2 else 200 end;
begin
  if operand = 'none' then
    if node ? 'value' then
      return query select v_at, 'value_unexpected', '{}'::jsonb;
    end if;
    return;
  elsif not node ? 'value' then
    return query select v_at, 'value_missing', '{}'::jsonb;
    return;
  end if;
  if operand = 'one' then
    return query select v_at, found.reason, coalesce(found.details, '{}')
      from app_private.rule_value_problem(rule_operand_problems.organization_id, term, v_value) as found
      where found.reason is not null;
  elsif operand = 'days' then
    return query select v_at, found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(v_value) as found (reason) where found.reason is not null;
  elsif jsonb_typeof(v_value) <> 'array' then
    return query select v_at, 'not_a_list', '{}'::jsonb;
  elsif jsonb_array_length(v_value) > v_most then
    return query select v_at, 'too_many', jsonb_build_object('bound', v_most);
  elsif jsonb_array_length(v_value) < v_least then
    return query select v_at, 'too_few', jsonb_build_object('bound', v_least);
  else
    return query
      select v_at || '[' || listed.ordinality - 1 || ']', found.reason, coalesce(found.details, '{}')
      from jsonb_array_elements(v_value) with ordinality as listed
      cross join lateral app_private.rule_value_problem(rule_operand_problems.organization_id, term, listed.value) as found
      where found.reason is not null;
    if not found and operand = 'range' and (
      case (term).type
        when 'number' then (v_value ->> 0)::numeric > (v_value ->> 1)::numeric
        else v_value ->> 0 > (v_value ->> 1) collate "C"
      end) then
      return query select v_at, 'not_in_order', '{}'::jsonb;
    end if;
  end if;
end;
$$;

comment on function app_private.rule_operand_problems is 'What is wrong with the value of a comparison, each with its path.';
grant execute on function app_private.rule_operand_problems to app_engine;

create or replace function app_private.rule_days_problem(value jsonb) returns text
language sql immutable
set search_path = ''
return case
  when jsonb_typeof(value) is distinct from 'number' then 'not_a_number'
  when value::numeric % 1 <> 0 then 'not_an_integer'
  when value::numeric < 0 then 'too_small'
  when value::numeric > 3650 then 'too_large'
end;

comment on function app_private.rule_days_problem is 'What is wrong with a number of days; null where nothing is.';
grant execute on function app_private.rule_days_problem to app_engine;
