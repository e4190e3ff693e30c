-- Test: rule_problems, require_rule - everything that is wrong, each with the path of its place. SEG-02, SEG-05.
begin;
select plan(52);
select tests.clinic('atlas');
select tests.clinic('boreal');
select tests.form_template('intake', jsonb_build_array(
  tests.form_item('pain', 'scale', '{"min": 0, "max": 10}'),
  tests.form_item('side', 'choice', '{"options": [{"value": "left", "label": {"ro": "Stânga"}}]}'),
  tests.form_item('scan', 'file')), clinic => 'atlas');
select tests.form_template('survey', jsonb_build_array(tests.form_item('pain', 'integer')), clinic => 'boreal');
insert into app_public.segments (organization_id, name, kind) values (tests.id('atlas'), 'Ours', 'list'), (tests.id('boreal'), 'Theirs', 'list');
create function pg_temp.segment(name text) returns uuid language sql as $$ select id from app_public.segments where segments.name = segment.name $$;

create function pg_temp.problems(rule text, event text default null) returns text language sql as $$
  select coalesce(string_agg(path || ' ' || reason, ', ' order by path), '')
  from app_private.rule_problems(tests.id('atlas'), rule::jsonb, event) $$;
create function pg_temp.field(code text, more text) returns text language sql as $$ select '{"field": "' || code || '", ' || more || '}' $$;

select is(pg_temp.problems('{"all": []}'), '', 'everyone');
select is(pg_temp.problems('3'), '$ not_a_rule', 'a number');
select is(pg_temp.problems('null'), '$ not_a_rule', 'nothing');
select is(pg_temp.problems('{}'), '$ not_a_rule', 'an empty object');
select is(pg_temp.problems('{"all": {}}'), '$.all not_a_list', 'all of no list');
select is(pg_temp.problems('{"any": [[]]}'), '$.any[0] not_a_rule', 'a list in a list');
select is(pg_temp.problems('{"all": [], "any": []}'), '$.any property_unknown', 'two at once');
select is(pg_temp.problems('{"not": {"field": "x"}}'), '$.not.field field_unknown', 'below not');
select is(pg_temp.problems('{"field": 3}'), '$.field field_unknown', 'a field that is no word');
select is(pg_temp.problems('{"field": "profile.age", "operator": "contains", "value": 3}'), '$.operator operator_unknown', 'an operator of another type');
select is(pg_temp.problems('{"field": "profile.age", "value": 3}'), '$.operator operator_unknown', 'no operator');
select is(pg_temp.problems('{"field": "profile.age", "operator": "is"}'), '$.value value_missing', 'no value');
select is(pg_temp.problems('{"field": "profile.age", "operator": "is_set", "value": 1}'), '$.value value_unexpected', 'a value too many');
select is(pg_temp.problems('{"field": "profile.age", "operator": "is", "value": 1, "x": 1}'), '$.x property_unknown', 'a property too many');
select is(pg_temp.problems('{"field": "profile.age", "operator": "is", "value": null}'), '$.value not_a_number', 'null is no number');
select is(pg_temp.problems('{"field": "profile.age", "operator": "is", "value": 1e400}'), '$.value too_large', 'too large a number');
select is(pg_temp.problems('{"field": "profile.age", "operator": "is", "value": -1e400}'), '$.value too_small', 'too small a number');
select is(pg_temp.problems('{"field": "profile.age", "operator": "between", "value": [3]}'), '$.value too_few', 'half a range');
select is(pg_temp.problems('{"field": "profile.age", "operator": "between", "value": [3, 4, 5]}'), '$.value too_many', 'three ends');
select is(pg_temp.problems('{"field": "profile.age", "operator": "between", "value": [5, 4]}'), '$.value not_in_order', 'a range backwards');
select is(pg_temp.problems('{"field": "profile.age", "operator": "between", "value": [5, "6"]}'), '$.value[1] not_a_number', 'half a range of text');
select is(pg_temp.problems('{"field": "profile.birth_date", "operator": "between", "value": ["2020-02-01", "2020-01-01"]}'), '$.value not_in_order', 'dates backwards');
select is(pg_temp.problems('{"field": "profile.birth_date", "operator": "is", "value": "2021-02-29"}'), '$.value not_a_date', 'a day that is not');
select is(pg_temp.problems('{"field": "profile.birth_date", "operator": "is", "value": "today"}'), '$.value not_a_date', 'a word of PostgreSQL');
select is(pg_temp.problems('{"field": "profile.birth_date", "operator": "last_days", "value": 3651}'), '$.value too_large', 'too many days');
select is(pg_temp.problems('{"field": "profile.birth_date", "operator": "last_days", "value": -1}'), '$.value too_small', 'days below zero');
select is(pg_temp.problems('{"field": "profile.birth_date", "operator": "last_days", "value": 1.5}'), '$.value not_an_integer', 'half a day');
select is(pg_temp.problems('{"field": "profile.birth_date", "operator": "last_days", "value": "3"}'), '$.value not_a_number', 'days in letters');
select is(pg_temp.problems('{"field": "profile.given_name", "operator": "is", "value": 3}'), '$.value not_a_text', 'a text that is a number');
select is(pg_temp.problems('{"field": "profile.given_name", "operator": "contains", "value": " %! "}'), '$.value nothing_to_compare', 'nothing but signs, which every text would contain');
select is(pg_temp.problems(jsonb_build_object('field', 'profile.given_name', 'operator', 'is', 'value', repeat('a', 501))::text), '$.value too_long', 'a long text');
select is(pg_temp.problems('{"field": "profile.given_name", "operator": "one_of", "value": "a"}'), '$.value not_a_list', 'one for a list');
select is(pg_temp.problems('{"field": "profile.given_name", "operator": "one_of", "value": []}'), '$.value too_few', 'an empty list');
select is(pg_temp.problems(jsonb_build_object('field', 'profile.given_name', 'operator', 'one_of', 'value', (select jsonb_agg('a'::text) from generate_series(1, 201)))::text),
  '$.value too_many', 'a list of 201');
select is(pg_temp.problems('{"field": "profile.has_phone", "operator": "is", "value": "yes"}'), '$.value not_a_boolean', 'yes in letters');
select is(pg_temp.problems('{"field": "profile.locale", "operator": "one_of", "value": ["ro", "fr", 3]}'), '$.value[1] not_offered, $.value[2] not_a_text', 'what is not offered');
select is(pg_temp.problems(pg_temp.field('form.' || tests.id('intake') || '.pain', '"operator": "is", "value": 11')), '$.value too_large', 'beyond the scale');
select is(pg_temp.problems(pg_temp.field('form.' || tests.id('intake') || '.pain', '"operator": "is", "value": 1.5')), '$.value not_an_integer', 'between two steps of it');
select is(pg_temp.problems(pg_temp.field('form.' || tests.id('intake') || '.scan', '"operator": "is_set"')), '', 'whether a file is there');
select is(pg_temp.problems(pg_temp.field('form.' || tests.id('survey') || '.pain', '"operator": "is", "value": 1')), '$.field field_unknown', 'a form of another clinic');
select is(pg_temp.problems('{"segment": "' || pg_temp.segment('Ours') || '"}') || pg_temp.problems('{"segment": "' || pg_temp.segment('Theirs') || '"}'), '$.segment segment_unknown', 'a segment of another clinic');
select is(pg_temp.problems('{"count": {"of": "toys"}, "operator": "is", "value": 1}'), '$.count.of collection_unknown', 'a collection that is not there');
select is(pg_temp.problems('{"count": {"of": "forms", "where": {"field": "profile.age", "operator": "is", "value": 1}}, "operator": "is", "value": -1}'),
  '$.count.where.field field_unknown, $.value too_small', 'a field of the patient inside of a count, and fewer than none');
select is(pg_temp.problems('{"count": {"of": "forms", "within": {"days": 4000}, "at": 1}, "operator": "is_set"}'),
  '$.count.at property_unknown, $.count.within.days too_large, $.operator operator_unknown', 'a window, a property and an operator that are not');
select is(pg_temp.problems('{"count": {"of": "forms", "within": {"from": "2027-02-01", "to": "2027-01-01"}, "where": {"count": {"of": "forms"}, "operator": "is", "value": 1}}, "operator": "is", "value": 1}'),
  '$.count.where.count not_inside_a_count, $.count.within not_in_order', 'a window backwards, a count inside of a count');
select is(pg_temp.problems(repeat('{"not": ', 10) || '{"all": []}' || repeat('}', 10)), '$' || repeat('.not', 10) || ' too_deep', 'eleven levels');
select is(pg_temp.problems(jsonb_build_object('any', (select jsonb_agg('{"all": []}'::jsonb) from generate_series(1, 300)))::text), '$ too_many', '301 parts');
select is(pg_temp.problems(pg_temp.field('form.abc.pain', '"operator": "is", "value": 1')), '$.field field_unknown', 'a form by no id');
select is(pg_temp.problems('{"field": "form", "operator": "is"}') || pg_temp.problems('{"field": "custom..", "operator": "is"}'), '$.field field_unknown$.field field_unknown', 'half a code');
select is(pg_temp.problems(repeat('{"not": ', 2000) || '1' || repeat('}', 2000)), '$ too_many', 'two thousand levels');
select * from tests.refuses(
  $$select app_private.require_rule(tests.id('atlas'), '{"field": "profile.shoe"}')$$, 'VALIDATION', 'rule_not_valid', 'a verb refuses it');
select * from finish();
rollback;
