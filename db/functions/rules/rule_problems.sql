-- Everything that is wrong with a rule, each with the path of its place, so that a page shows it where it stands. SEG-02, SEG-05.
-- With for_caller also the fields that whoever writes the rule may not read: a rule would tell what it asks for.

create or replace function app_private.rule_problems(
  organization_id uuid, rule jsonb, event_name text default null, for_caller boolean default false
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  if octet_length(rule_problems.rule::text) > 50000 then
    return query select '$', 'too_long', '{"bound": 50000}'::jsonb;
  elsif (select count(*) > 300 from jsonb_path_query(rule_problems.rule, 'strict $.** ? (@.type() == "object")')) then
    return query select '$', 'too_many', '{"bound": 300}'::jsonb;
  else
    return query select * from app_private.rule_node_problems(
      rule_problems.organization_id, rule_problems.rule, rule_problems.event_name, rule_problems.for_caller, null, '$', 1);
  end if;
end;
$$;

comment on function app_private.rule_problems is 'What is wrong with a rule of the clinic (of an event, where an automation asks), each with its path; no row where nothing is.';
grant execute on function app_private.rule_problems to app_engine;

create or replace function app_private.rule_node_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind text;
  v_part record;
  v_at text;
begin
  if depth > 10 then
    return query select rule_node_problems.place, 'too_deep', '{"bound": 10}'::jsonb;
    return;
  end if;
  if jsonb_typeof(node) is distinct from 'object' then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  select word into v_kind
  from unnest(array['all', 'any', 'not', 'field', 'count', 'segment']) as word where node ? word limit 1;
  if v_kind is null then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  return query
    select rule_node_problems.place || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(node) as word
    where word <> v_kind and not (v_kind in ('field', 'count') and word in ('operator', 'value'));
  v_at := rule_node_problems.place || '.' || v_kind;

  case v_kind
    when 'all', 'any' then
      if jsonb_typeof(node -> v_kind) <> 'array' then
        return query select v_at, 'not_a_list', '{}'::jsonb;
        return;
      end if;
      for v_part in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(node -> v_kind) with ordinality as listed loop
        return query select * from app_private.rule_node_problems(
          rule_node_problems.organization_id, v_part.value, rule_node_problems.event_name, for_caller, rule_node_problems.collection,
          v_at || '[' || v_part.place || ']', depth + 1);
      end loop;
    when 'not' then
      return query select * from app_private.rule_node_problems(
        rule_node_problems.organization_id, node -> 'not', rule_node_problems.event_name, for_caller, rule_node_problems.collection, v_at, depth + 1);
    when 'field' then
      return query select * from app_private.rule_field_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.collection, rule_node_problems.place);
    when 'count' then
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select * from app_private.rule_count_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.place, depth);
    else
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select v_at, found.reason, found.details
        from app_private.rule_segment_problem(rule_node_problems.organization_id, node -> 'segment', for_caller) as found
        where found.reason is not null;
  end case;
end;
$$;

comment on function app_private.rule_node_problems is 'What is wrong with a part of a rule, and with its parts.';
grant execute on function app_private.rule_node_problems to app_engine;

-- Refuses for a verb: the author may write no rule that asks for what they may not read.
create or replace function app_private.require_rule(organization_id uuid, rule jsonb, event_name text default null) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.refuse_problems('rule_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.rule_problems(require_rule.organization_id, require_rule.rule, require_rule.event_name, true) as problem));
end;
$$;

comment on function app_private.require_rule is 'Passes where a rule is right and its author may read what it asks for; else VALIDATION rule_not_valid with each place.';
grant execute on function app_private.require_rule to app_engine;
