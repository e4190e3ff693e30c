-- Why a rule holds for a patient, or does not: the tree with the verdict of each part, and what each field says. SEG-02.

create or replace function app_private.explain_rule(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_event_name constant text := (
    select events.name from app_private.events
    where events.organization_id = explain_rule.organization_id and events.id = explain_rule.event_id);
  v_part app_private.rule_part;
  v_inner jsonb;
  v_holds boolean;
  v_value jsonb;
begin
  if rule ? 'not' then
    v_inner := app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, rule -> 'not', explain_rule.event_id);
    return jsonb_build_object('not', v_inner, 'holds', not (v_inner ->> 'holds')::boolean);
  elsif rule ? 'all' or rule ? 'any' then
    v_inner := (
      select coalesce(jsonb_agg(app_private.explain_rule(
        explain_rule.organization_id, explain_rule.patient_id, listed.value, explain_rule.event_id) order by listed.ordinality), '[]')
      from jsonb_array_elements(coalesce(rule -> 'all', rule -> 'any')) with ordinality as listed);
    return case
      when rule ? 'all' then jsonb_build_object('all', v_inner, 'holds', not v_inner @> '[{"holds": false}]')
      else jsonb_build_object('any', v_inner, 'holds', v_inner @> '[{"holds": true}]')
    end;
  end if;
  v_part := app_private.rule_part(explain_rule.organization_id, rule, v_event_name, null, '[]');
  -- One row in any case: an event need not be about a patient.
  execute 'select ' || v_part.condition_sql || ' is true, ' || coalesce('to_jsonb(' || v_part.value_sql || ')', 'null::jsonb')
    || ' from (select) as one left join ' || app_private.rule_patients('patients.id = any ($2)') || ' as p on true'
  into v_holds, v_value
  using explain_rule.organization_id, array[explain_rule.patient_id], v_part.parameters, explain_rule.event_id;
  return rule || jsonb_build_object('holds', v_holds) || case when v_part.value_sql is not null then jsonb_build_object('actual', v_value) else '{}' end;
end;
$$;

comment on function app_private.explain_rule is
  'The rule with holds in each part, and in comparisons and counts what the field is or how many there are as actual, null where nobody knows.';
grant execute on function app_private.explain_rule to app_engine;
