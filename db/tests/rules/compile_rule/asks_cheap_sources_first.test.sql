-- Test: compile_rule - what the row of a patient says is asked first, and dear sources only for those who are left: the plan
-- shows it. SEG-03.
begin;
select plan(5);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('atlas');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'scale', '{"min": 0, "max": 10}')));
select tests.patient('patient ' || number) from generate_series(1, 10) as number;
update app_public.patient_profiles set birth_date = '1950-01-01' where id in (select tests.id('patient ' || number) from generate_series(1, 3) as number);

-- How often a table was read in a plan that was run.
create function pg_temp.readings(plan jsonb, of_table text) returns numeric language sql as $$
  select coalesce(sum((node ->> 'Actual Loops')::numeric), 0)
  from jsonb_path_query(plan, 'strict $.** ? (@."Relation Name" == $t)', jsonb_build_object('t', of_table)) as node $$;
create function pg_temp.plan_of(rule jsonb) returns jsonb language plpgsql as $$
declare
  v_rule app_private.compiled_rule := app_private.compile_rule(tests.id('atlas'), rule);
  v_plan jsonb;
begin
  execute 'explain (analyze, format json) ' || v_rule.query into v_plan using tests.id('atlas'), null::uuid[], v_rule.parameters, null::uuid;
  return v_plan;
end $$;

set local enable_hashjoin = off;
set local enable_mergejoin = off;
set local enable_hashagg = off;
create temporary table plans as
select pg_temp.plan_of(format('{"all": [{"count": {"of": "appointments"}, "operator": "at_most", "value": 5},
    {"field": "form.%s.pain", "operator": "is_not_set"}, {"field": "profile.age", "operator": "at_least", "value": 65}]}', tests.id('intake'))::jsonb) as plan;
select is((select pg_temp.readings(plan, 'forms') from plans), 3::numeric, 'forms are read for the three who are old enough');
select is((select pg_temp.readings(plan, 'appointments') from plans), 3::numeric, 'so are appointments, though they are named first');
select is(pg_temp.readings(pg_temp.plan_of(
    '{"all": [{"count": {"of": "appointments"}, "operator": "at_most", "value": 5}, {"field": "profile.age", "operator": "at_least", "value": 200}]}'), 'appointments'),
  0::numeric, 'and for nobody where nobody is left');
select is(pg_temp.readings(pg_temp.plan_of(
    '{"any": [{"count": {"of": "appointments"}, "operator": "at_most", "value": 5}, {"field": "profile.age", "operator": "at_least", "value": 65}]}'), 'appointments'),
  7::numeric, 'of any, for whom the cheap one did not take');
select ok((select bool_and(position('patients.organization_id = $1' in rule.query) > 0 and rule.query !~ 'organization_id <>')
  from app_private.compile_rule(tests.id('atlas'), '{"all": []}') as rule), 'the clinic is the first condition');
select * from finish();
rollback;
