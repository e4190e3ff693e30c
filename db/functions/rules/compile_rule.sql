-- A rule as one query with parameters. SEG-02, SEG-03. The parts of its outermost "all" stand in stages: what the row of the
-- patient says first, then what one look-up says, then forms, then counts. "offset 0" keeps the planner from mixing them, so
-- that dear sources are asked only for those whom the cheap ones left.

create or replace function app_private.compile_rule(organization_id uuid, rule jsonb, event_name text default null)
returns app_private.compiled_rule
language plpgsql stable
set search_path = ''
as $$
declare
  v_base constant text := app_private.rule_patients('($2::uuid[] is null or patients.id = any ($2))') || ' as p';
  v_parts jsonb := case when rule ? 'all' then rule -> 'all' else jsonb_build_array(rule) end;
  v_part app_private.rule_part;
  v_node jsonb;
  v_stages text[] := array_fill(null::text, array[4]);
  v_turns text[] := '{}';
  v_from text := v_base;
  v_result app_private.compiled_rule;
begin
  v_result.parameters := '[]';
  v_result.depends := '{patient}';
  v_result.cost := 0;
  for v_node in select value from jsonb_array_elements(v_parts) loop
    v_part := app_private.rule_part(compile_rule.organization_id, v_node, compile_rule.event_name, null, v_result.parameters);
    v_stages[v_part.cost + 1] := coalesce(v_stages[v_part.cost + 1] || ' and ', '') || v_part.condition_sql;
    v_result.parameters := v_part.parameters;
    v_result.depends := v_result.depends || v_part.depends;
    v_result.cost := greatest(v_result.cost, v_part.cost);
    v_turns := v_turns || v_part.turns_sql;
  end loop;

  for stage in 1..4 loop
    if v_stages[stage] is not null then
      v_from := '(select p.* from ' || v_from || ' where ' || v_stages[stage] || ' offset 0) as p';
    end if;
  end loop;
  v_result.query := 'select p.id from ' || v_from;
  v_turns := array(select distinct turn from unnest(v_turns) as turn order by turn);
  v_result.recheck := case
    when cardinality(v_turns) = 0 then 'select null::uuid, null::timestamptz where $1 is null and $2::uuid[] is null and $3::jsonb is null'
    else 'select turning.id, turning.at from (select p.id, least(' || array_to_string(v_turns, ', ') || ') as at from ' || v_base
      || ') as turning where turning.at is not null'
  end;
  v_result.depends := array(select distinct code from unnest(v_result.depends) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.compile_rule is
  'A rule that was checked as a query: those for whom it holds, of $2 or of all; the query of when time alone can next change it; what it reads.';
grant execute on function app_private.compile_rule to app_engine;

-- What conditions read of a patient without a look elsewhere.
create or replace function app_private.rule_patients(condition text) returns text
language sql immutable strict
set search_path = ''
return '(select patients.id, patients.patient_profile_id, patients.created_at, patients.profile_completed_at, profiles.human_id,'
  || ' profiles.given_name, profiles.family_name, profiles.email, profiles.phone, profiles.birth_date, profiles.locale'
  || ' from app_public.patients join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id'
  || ' where patients.organization_id = $1 and patients.deleted_at is null and ' || condition || ')';

comment on function app_private.rule_patients is 'As SQL: the patients of the clinic for whom the condition holds, with the columns that rules read.';
grant execute on function app_private.rule_patients to app_engine;

create or replace function app_private.rule_members(organization_id uuid, rule jsonb) returns setof uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_rule constant app_private.compiled_rule := app_private.compile_rule(rule_members.organization_id, rule_members.rule);
begin
  return query execute v_rule.query using rule_members.organization_id, null::uuid[], v_rule.parameters, null::uuid;
end;
$$;

comment on function app_private.rule_members is 'The patients of the clinic for whom a rule holds now.';
grant execute on function app_private.rule_members to app_engine;

create or replace function app_private.rule_holds(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns boolean
language sql stable
set search_path = ''
return (app_private.explain_rule(rule_holds.organization_id, rule_holds.patient_id, rule_holds.rule, rule_holds.event_id) ->> 'holds')::boolean;

comment on function app_private.rule_holds is 'Whether a rule holds for a patient now, or for nobody in particular: of an event about no patient.';
grant execute on function app_private.rule_holds to app_engine;
