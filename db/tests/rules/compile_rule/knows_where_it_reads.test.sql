-- Test: rule_sources, compile_rule - what a rule reads is named, and every dependency of the catalog has its table. SEG-03.
begin;
select plan(4);
select tests.clinic('atlas');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')));
select is_empty($$
  select source from app_private.rule_fields union select source from app_private.rule_collections
  except select code from app_private.rule_sources$$, 'every source of a field says whom its rows are about');
select is_empty($$
  select table_name, detail_column from app_private.rule_sources
  where to_regclass(table_name) is null
     or not exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(table_name) and a.attnum > 0 and not a.attisdropped
                    and a.attname = coalesce(detail_column, case when found_by in ('patient_id', 'patient_profile_id') then found_by else 'id' end))$$,
  'every table and every column is there');
select is((app_private.compile_rule(tests.id('atlas'), format('{"all": [{"field": "form.%s.pain", "operator": "is", "value": 1}, {"field": "profile.age", "operator": "is", "value": 1}]}', tests.id('intake'))::jsonb)).depends,
  array['clinic', 'form:' || tests.id('intake'), 'patient', 'profile'], 'a form, a person, and the clock of the clinic');
select is((app_private.compile_rule(tests.id('atlas'), '{"not": {"count": {"of": "plans", "where": {"field": "plan.is_of_subscription", "operator": "is", "value": true}}, "operator": "is", "value": 1}}')).depends,
  array['patient', 'plans'], 'below not and inside of a count');
select * from finish();
rollback;
