-- A rule, or a part of one, as SQL. SEG-02, SEG-03. What is missing makes a comparison null, which the condition of a query does
-- not take; below "not" null is made false first, so that it is the plain complement. Of several parts the cheap ones stand
-- first: PostgreSQL asks them in this order within "or", and compile_rule() makes stages of those of the outermost "all".

create or replace function app_private.rule_part(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_result app_private.rule_part;
  v_part app_private.rule_part;
  v_parts app_private.rule_part[] := '{}';
  v_inner jsonb;
begin
  if node ? 'field' then
    return app_private.rule_part_of_field(
      rule_part.organization_id, node, rule_part.event_name, rule_part.collection, parameters);
  elsif node ? 'count' then
    return app_private.rule_part_of_count(rule_part.organization_id, node, rule_part.event_name, parameters);
  elsif node ? 'segment' then
    return row(
      'exists (select from app_public.segment_members as m where m.organization_id = $1 and m.segment_id = ($3 ->> '
        || jsonb_array_length(parameters) || ')::uuid and m.patient_id = p.id and m.left_at is null)',
      null, '{}'::text[], 1, parameters || jsonb_build_array(node -> 'segment'), array['segment:' || app_hidden.ascii_lower(node ->> 'segment')], '{}')::app_private.rule_part;
  elsif node ? 'not' then
    v_result := app_private.rule_part(rule_part.organization_id, node -> 'not', rule_part.event_name, rule_part.collection, parameters);
    v_result.condition_sql := '(' || v_result.condition_sql || ' is not true)';
    v_result.value_sql := null;
    return v_result;
  end if;

  for v_inner in select value from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) loop
    v_part := app_private.rule_part(rule_part.organization_id, v_inner, rule_part.event_name, rule_part.collection, parameters);
    parameters := v_part.parameters;
    v_parts := v_parts || v_part;
  end loop;
  select
    coalesce('(' || string_agg(part.condition_sql, case when node ? 'all' then ' and ' else ' or ' end order by part.cost, part.ordinality) || ')',
             case when node ? 'all' then 'true' else 'false' end),
    coalesce(max(part.cost), 0)
  into v_result.condition_sql, v_result.cost
  from unnest(v_parts) with ordinality as part;
  v_result.turns_sql := array(select turn from unnest(v_parts) as part cross join lateral unnest(part.turns_sql) as turn);
  v_result.depends := array(select distinct code from unnest(v_parts) as part cross join lateral unnest(part.depends) as code order by code);
  v_result.reads := array(select read from unnest(v_parts) as part cross join lateral unnest(part.reads) as read);
  v_result.parameters := parameters;
  return v_result;
end;
$$;

comment on function app_private.rule_part is 'A part of a rule as SQL, with the parameters so far.';
grant execute on function app_private.rule_part to app_engine;

-- How many rows of a collection a patient has. "At least one" and "none" stop at the first.
create or replace function app_private.rule_part_of_count(organization_id uuid, node jsonb, event_name text, parameters jsonb)
returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_collection app_private.rule_collections;
  v_where app_private.rule_part;
  v_within app_private.rule_operand;
  v_operand app_private.rule_operand;
  v_operator app_private.rule_operators;
  v_rows text;
  v_counted text;
  v_is_met text;
  v_read app_private.rule_read;
  v_result app_private.rule_part;
  v_value constant numeric := case jsonb_typeof(node -> 'value') when 'number' then (node -> 'value')::numeric end;
begin
  select collections.* into strict v_collection
  from app_private.rule_collections as collections where collections.code = node #>> '{count,of}';
  select operators.* into strict v_operator
  from app_private.rule_operators as operators where operators.type = 'number' and operators.code = node ->> 'operator';

  v_where := app_private.rule_part(
    rule_part_of_count.organization_id, coalesce(node #> '{count,where}', '{"all": []}'), rule_part_of_count.event_name, v_collection.code, parameters);
  v_within := app_private.rule_within(node #> '{count,within}', v_collection.time_sql, v_where.parameters);
  v_rows := ' from ' || v_collection.table_name || ' as r where r.organization_id = $1 and ' || v_collection.person_sql;
  v_is_met := v_within.a || ' and ' || v_where.condition_sql;
  v_counted := v_rows || ' and ' || v_is_met;
  v_operand := app_private.rule_operand('number', v_operator.operand, node -> 'value', v_within.parameters);

  v_result.value_sql := '(select count(*)' || v_counted || ')';
  v_read.rows_sql := v_rows;
  v_read.read_sql := 'count(*) filter (where ' || v_is_met || ')';
  if node ->> 'operator' = 'at_least' and v_value = 1 or node ->> 'operator' = 'greater' and v_value = 0 then
    v_read.asked := '(exists (select' || v_counted || '))';
    v_read.read_sql := v_read.read_sql || ' > 0';
    v_result.condition_sql := v_read.asked;
  elsif node ->> 'operator' in ('is', 'at_most') and v_value = 0 or node ->> 'operator' = 'less' and v_value = 1 then
    v_read.asked := '(not exists (select' || v_counted || '))';
    v_read.read_sql := v_read.read_sql || ' = 0';
    v_result.condition_sql := v_read.asked;
  else
    v_read.asked := v_result.value_sql;
    v_result.condition_sql :=
      '(' || replace(replace(replace(v_operator.condition_sql, '{v}', v_result.value_sql), '{a}', v_operand.a), '{b}', v_operand.b) || ')';
  end if;
  v_result.reads := array[v_read];
  v_result.turns_sql := '{}';
  if v_within.b is not null or cardinality(v_where.turns_sql) > 0 then
    v_read.read_sql := 'min(least(' || array_to_string(array_remove(v_within.b || v_where.turns_sql, null), ', ') || '))';
    v_read.asked := '(select ' || v_read.read_sql || v_rows || ')';
    v_result.turns_sql := array[v_read.asked];
    v_result.reads := v_result.reads || v_read;
  end if;
  v_result.cost := 3;
  v_result.parameters := v_operand.parameters;
  v_result.depends := array(
    select distinct code from unnest(v_where.depends || v_collection.source || case when node #> '{count,within}' is not null then array['clinic'] else '{}' end) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.rule_part_of_count is 'A count of a collection as SQL.';
grant execute on function app_private.rule_part_of_count to app_engine;

-- The time in which rows are counted: in a the condition, in b when a row comes in or goes out by itself.
create or replace function app_private.rule_within(within jsonb, time_sql text, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_days constant text := '($3 ->> ' || v_place || ')::int';
  v_from constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',from}'')::date'
    when within ? 'days' then '{today} - ' || v_days
    else '{today}'
  end;
  -- The first day that is no longer in it.
  v_end constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',to}'')::date + 1'
    when within ? 'days' then '{today} + 1'
    else '{today} + ' || v_days || ' + 1'
  end;
  v_day constant text := '((' || time_sql || ') at time zone {zone})::date';
  v_turning constant text[] := case
    when within ? 'days' then array[v_day, v_day || ' + ' || v_days || ' + 1']
    when within ? 'next_days' then array[v_day || ' - ' || v_days, v_day || ' + 1']
  end;
begin
  if within is null then
    return row('true', null, parameters)::app_private.rule_operand;
  end if;
  return row(
    -- Instants are compared, so that an index over them serves.
    app_private.rule_sql(time_sql || ' >= ((' || v_from || ')::timestamp at time zone {zone}) and '
      || time_sql || ' < ((' || v_end || ')::timestamp at time zone {zone})'),
    app_private.rule_sql(app_private.rule_turn(v_turning)),
    parameters || jsonb_build_array(case when within ? 'from' then within else coalesce(within -> 'days', within -> 'next_days') end)
  )::app_private.rule_operand;
end;
$$;

comment on function app_private.rule_within is 'A window of time as SQL.';
grant execute on function app_private.rule_within to app_engine;
