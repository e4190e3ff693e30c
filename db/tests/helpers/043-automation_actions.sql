-- An action by itself: a clinic's administrator sets it up, something happens, and what became of it is answered.

create or replace function tests.acts(action text, config jsonb, patient text, event text default 'patient.profile_completed') returns text
language plpgsql volatile
as $$
declare
  v_rule app_public.automation_rules;
  v_said text;
begin
  perform tests.act_as('adrian');
  select rules.* into v_rule
  from app_public.create_automation(
    tests.id('atlas'), acts.action, acts.event,
    jsonb_build_array(jsonb_build_object('action', acts.action, 'config', acts.config))) as rules;
  perform tests.act_as('the database');
  perform tests.happens(acts.event, acts.patient);
  perform tests.automations_follow();
  update app_public.automation_rules set is_enabled = false where id = v_rule.id;
  select concat_ws(' ', outcome, reason) into v_said
  from app_public.automation_executions where automation_rule_id = v_rule.id;
  return v_said;
end;
$$;
comment on function tests.acts is 'The outcome and the reason of an action that adrian of atlas sets up, about a patient.';

create or replace function tests.wrong_config(action text, config jsonb) returns text
language sql stable
as $$
  select coalesce(string_agg(problem.path || ' ' || problem.reason, ', ' order by problem.path, problem.reason), 'nothing')
  from app_private.action_problems(
    tests.id('atlas'), jsonb_build_object('action', wrong_config.action, 'config', wrong_config.config)) as problem
$$;
comment on function tests.wrong_config is 'What is wrong with an action of atlas, with its paths.';
