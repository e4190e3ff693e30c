-- What is wrong with one comparison, one count, one segment of a rule. SEG-02.

create or replace function app_private.rule_field_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operand text;
begin
  if jsonb_typeof(node -> 'field') = 'string' then
    select terms.* into v_term
    from app_private.rule_terms(rule_field_problems.organization_id, rule_field_problems.event_name, node ->> 'field') as terms
    where terms.collection is not distinct from rule_field_problems.collection;
  end if;
  if v_term.code is null then
    return query select rule_field_problems.place || '.field', 'field_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_field_problems.organization_id, coalesce(v_term.permission, 'patients.view')) then
    return query select rule_field_problems.place || '.field', 'permission_missing',
      jsonb_build_object('permission', coalesce(v_term.permission, 'patients.view'));
    return;
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = v_term.type and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_field_problems.place || '.operator', 'operator_unknown', jsonb_build_object('type', v_term.type);
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_field_problems.organization_id, v_term, v_operand, node, rule_field_problems.place);
end;
$$;

comment on function app_private.rule_field_problems is 'What is wrong with a comparison of a field.';
grant execute on function app_private.rule_field_problems to app_engine;

create or replace function app_private.rule_count_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_count constant jsonb := node -> 'count';
  v_at constant text := rule_count_problems.place || '.count';
  v_collection app_private.rule_collections;
  v_operand text;
begin
  if jsonb_typeof(v_count) <> 'object' then
    return query select v_at, 'not_a_count', '{}'::jsonb;
    return;
  end if;
  return query
    select v_at || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(v_count) as word where word not in ('of', 'where', 'within');
  select collections.* into v_collection
  from app_private.rule_collections as collections where to_jsonb(collections.code) = v_count -> 'of';
  if not found then
    return query select v_at || '.of', 'collection_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_count_problems.organization_id, v_collection.permission) then
    return query select v_at || '.of', 'permission_missing', jsonb_build_object('permission', v_collection.permission);
    return;
  end if;
  if v_count ? 'where' then
    return query select * from app_private.rule_node_problems(
      rule_count_problems.organization_id, v_count -> 'where', rule_count_problems.event_name, for_caller, v_collection.code,
      v_at || '.where', depth + 1);
  end if;
  if v_count ? 'within' then
    return query select * from app_private.rule_window_problems(v_count -> 'within', v_at || '.within');
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = 'number' and operators.operand in ('one', 'range') and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_count_problems.place || '.operator', 'operator_unknown', '{"type": "number"}'::jsonb;
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_count_problems.organization_id, app_private.rule_number_of_rows(), v_operand, node, rule_count_problems.place);
end;
$$;

comment on function app_private.rule_count_problems is 'What is wrong with a count of a collection.';
grant execute on function app_private.rule_count_problems to app_engine;

create or replace function app_private.rule_number_of_rows() returns app_private.rule_term
language sql immutable
set search_path = ''
return jsonb_populate_record(null::app_private.rule_term, '{"type": "number", "minimum": 0, "maximum": 100000, "is_whole": true}');

comment on function app_private.rule_number_of_rows is 'What a count is compared with.';
grant execute on function app_private.rule_number_of_rows to app_engine;

-- Days back from today, days ahead, or from one date to another.
create or replace function app_private.rule_window_problems(within jsonb, place text)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_words constant text[] := case jsonb_typeof(within) when 'object' then array(select jsonb_object_keys(within) order by 1) end;
  v_word text;
  v_day constant app_private.rule_term := jsonb_populate_record(null::app_private.rule_term, '{"type": "date"}');
begin
  if v_words is null or not v_words in ('{days}', '{next_days}', '{from,to}') then
    return query select rule_window_problems.place, 'not_a_window', '{}'::jsonb;
    return;
  end if;
  if v_words = '{from,to}' then
    foreach v_word in array v_words loop
      return query select rule_window_problems.place || '.' || v_word, found.reason, '{}'::jsonb
        from app_private.rule_value_problem(null, v_day, within -> v_word) as found where found.reason is not null;
      if found then
        return;
      end if;
    end loop;
    if within ->> 'from' > within ->> 'to' collate "C" then
      return query select rule_window_problems.place, 'not_in_order', '{}'::jsonb;
    end if;
  else
    return query select rule_window_problems.place || '.' || v_words[1], found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(within -> v_words[1]) as found (reason) where found.reason is not null;
  end if;
end;
$$;

comment on function app_private.rule_window_problems is 'What is wrong with the time in which rows are counted.';
grant execute on function app_private.rule_window_problems to app_engine;

create or replace function app_private.rule_segment_problem(organization_id uuid, segment jsonb, for_caller boolean, out reason text, out details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  details := '{}';
  if for_caller and not app_hidden.has_permission(rule_segment_problem.organization_id, 'segments.view') then
    reason := 'permission_missing';
    details := '{"permission": "segments.view"}';
  elsif not exists (
    select from app_public.segments
    where segments.organization_id = rule_segment_problem.organization_id
      and to_jsonb(segments.id) = rule_segment_problem.segment
      and segments.deleted_at is null) then
    reason := 'segment_unknown';
  end if;
end;
$$;

comment on function app_private.rule_segment_problem is 'Why a segment cannot be named; null where it can.';
grant execute on function app_private.rule_segment_problem to app_engine;
