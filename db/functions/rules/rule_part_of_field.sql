-- A comparison as SQL. SEG-02. The text is made of the catalog's words alone: what the author wrote, and what their clinic calls
-- its fields, stands in the parameters, and the text says at which place.

create or replace function app_private.rule_part_of_field(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operator app_private.rule_operators;
  v_part app_private.rule_part;
  v_key record;
  v_value text;
  v_operand app_private.rule_operand;
  v_days text;
begin
  select terms.* into v_term
  from app_private.rule_terms(rule_part_of_field.organization_id, rule_part_of_field.event_name, node ->> 'field') as terms
  where terms.collection is not distinct from rule_part_of_field.collection;
  select operators.* into v_operator
  from app_private.rule_operators as operators
  where operators.type = v_term.type and operators.code = node ->> 'operator';
  if v_term.code is null or v_operator.code is null then
    raise exception 'a rule that was not checked: %', node;
  end if;

  v_value := v_term.value_sql;
  for v_key in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(v_term.keys) with ordinality as listed loop
    v_value := replace(v_value, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    v_term.turns_sql := replace(v_term.turns_sql, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    parameters := parameters || jsonb_build_array(v_key.value);
  end loop;

  v_operand := app_private.rule_operand(v_term.type, v_operator.operand, node -> 'value', parameters);
  v_days := replace(replace(v_operator.turning_days, '{v}', '(' || v_value || ')'), '{a}', v_operand.a);
  v_part.value_sql := app_private.rule_sql(v_value);
  v_part.condition_sql := '(' || app_private.rule_sql(
    replace(replace(replace(v_operator.condition_sql, '{v}', '(' || v_value || ')'), '{a}', v_operand.a), '{b}', v_operand.b)) || ')';
  v_part.turns_sql := array_remove(array[
    app_private.rule_sql(v_term.turns_sql),
    app_private.rule_sql(app_private.rule_turn(string_to_array(v_days, '; ')))], null);
  v_part.reads := case when v_term.cost > 0 and rule_part_of_field.collection is null
    then array[row(v_part.value_sql, null, v_part.value_sql)::app_private.rule_read] else '{}' end;
  v_part.cost := v_term.cost;
  v_part.parameters := v_operand.parameters;
  v_part.depends := v_term.depends || case when v_days is not null then array['clinic'] else '{}' end;
  return v_part;
end;
$$;

comment on function app_private.rule_part_of_field is 'A comparison of a field as SQL.';
grant execute on function app_private.rule_part_of_field to app_engine;

-- The words that the catalog leaves open. What is asked once of the clinic stands in a query of its own, so that it runs once.
create or replace function app_private.rule_sql(text) returns text
language sql immutable strict
set search_path = ''
return replace(replace(replace($1,
  '{today}', '(select app_private.rule_today($1))'), '{zone}', '(select app_private.rule_zone($1))'), '{now}', 'app_hidden.now()');

comment on function app_private.rule_sql is 'SQL of the catalog with the clinic''s day and zone, and the present.';
grant execute on function app_private.rule_sql to app_engine;

-- What stands on the other side of a comparison, and the parameters with it. Texts are folded here, once.
create or replace function app_private.rule_operand(type text, operand text, value jsonb, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_cast constant text := case when operand = 'days' then '::int' else case type when 'number' then '::numeric' when 'date' then '::date' when 'boolean' then '::boolean' else '' end end;
  v_result app_private.rule_operand;
begin
  v_result.a := '';
  v_result.b := '';
  if operand = 'none' then
    v_result.parameters := parameters;
    return v_result;
  end if;
  if type = 'text' then
    value := case operand
      when 'list' then (select jsonb_agg(app_hidden.search_text(listed.value)) from jsonb_array_elements_text(value) as listed)
      else to_jsonb(app_hidden.search_text(value #>> '{}'))
    end;
  end if;
  case operand
    when 'range' then
      v_result.a := '($3 #>> ''{' || v_place || ',0}'')' || v_cast;
      v_result.b := '($3 #>> ''{' || v_place || ',1}'')' || v_cast;
    when 'list' then
      v_result.a := 'array(select jsonb_array_elements_text($3 -> ' || v_place || '))';
    else
      v_result.a := '($3 ->> ' || v_place || ')' || v_cast;
  end case;
  v_result.parameters := parameters || jsonb_build_array(value);
  return v_result;
end;
$$;

comment on function app_private.rule_operand is 'What a field is compared with, as SQL over the parameters.';
grant execute on function app_private.rule_operand to app_engine;
