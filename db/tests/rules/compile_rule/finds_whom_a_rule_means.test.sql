-- Test: compile_rule, rule_members, explain_rule - fields of the person, all, any and not. SEG-02.
begin;
select plan(12);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('atlas');
select tests.clinic('boreal');
select tests.patient('ana', clinic => 'atlas');
select tests.patient('bogdan', clinic => 'atlas');
select tests.patient('carmen', clinic => 'boreal');
update app_public.patient_profiles set birth_date = '1990-03-10', given_name = 'Ștefănița' where id = tests.id('ana');
update app_public.patient_profiles set human_id = null, birth_date = null, given_name = 'Bogdan' where id = tests.id('bogdan');
update app_public.patient_profiles set birth_date = '1990-03-10', given_name = 'Ștefănița' where id = tests.id('carmen');

create function pg_temp.members(rule jsonb) returns text language sql as $$
  select coalesce(string_agg(profiles.given_name, ' ' order by profiles.given_name), '')
  from app_private.rule_members(tests.id('atlas'), members.rule) as member
  join app_public.patients on patients.id = member
  join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id $$;

select is(pg_temp.members('{"all": []}'), 'Bogdan Ștefănița', 'all of nothing is everyone');
select is(pg_temp.members('{"any": []}'), '', 'any of nothing is nobody');
select is(pg_temp.members('{"field": "profile.age", "operator": "is", "value": 37}'), 'Ștefănița', 'of this clinic alone');
select is(pg_temp.members('{"not": {"field": "profile.age", "operator": "is", "value": 37}}'), 'Bogdan', 'not is the plain complement');
select is(pg_temp.members('{"field": "profile.age", "operator": "is_not", "value": 36}'), 'Ștefănița', 'what is missing matches no comparison');
select is(pg_temp.members('{"field": "profile.given_name", "operator": "starts_with", "value": "ŞTEFAN"}'), 'Ștefănița', 'a cedilla, a comma and capitals are alike');
select is(pg_temp.members('{"any": [{"field": "profile.birth_date", "operator": "is_not_set"}, {"field": "profile.locale", "operator": "one_of", "value": ["en"]}]}'), 'Bogdan', 'one of them is enough');
select is(pg_temp.members('{"count": {"of": "appointments"}, "operator": "is", "value": 0}'), 'Bogdan Ștefănița', 'who has no appointment');
select is((app_private.compile_rule(tests.id('atlas'), '{"field": "profile.given_name", "operator": "is", "value": "x'' or true --"}')).query !~ 'or true', true, 'no word of the rule stands in the query');
select is(
  app_private.explain_rule(tests.id('atlas'), (select id from app_public.patients where patient_profile_id = tests.id('ana') and organization_id = tests.id('atlas')),
    '{"all": [{"field": "profile.age", "operator": "at_least", "value": 18}, {"not": {"field": "profile.locale", "operator": "is", "value": "ro"}}]}'),
  '{"all": [{"field": "profile.age", "operator": "at_least", "value": 18, "holds": true, "actual": 37}, {"not": {"field": "profile.locale", "operator": "is", "value": "ro", "holds": true, "actual": "ro"}, "holds": false}], "holds": false}',
  'each part says whether it holds, and what stands there');
select is_empty($$select * from app_private.rule_problems(tests.id('atlas'), '{"all": [{"field": "profile.age", "operator": "between", "value": [18, 30]}]}')$$, 'a right rule has no problems');
select results_eq(
  $$select path, reason from app_private.rule_problems(tests.id('atlas'), '{"all": [{"field": "profile.age", "operator": "is", "value": "x"}, {"any": [{"field": "profile.shoe"}]}]}') order by path$$,
  $$values ('$.all[0].value', 'not_a_number'), ('$.all[1].any[0].field', 'field_unknown')$$, 'each problem with its path');
select * from finish();
rollback;
