-- Test: content_problems - what a template may say, each bound with its place. FRM-02, FRM-09.
begin;
create temporary table cases (name text, content jsonb, problems text[]);
create function pg_temp.of(items jsonb, more jsonb default '{}') returns jsonb language sql as
$$ select '{"format": 1, "title": {"ro": "T"}}'::jsonb || jsonb_build_object('items', items) || more $$;
create function pg_temp.item(more jsonb) returns jsonb language sql as
$$ select pg_temp.of(jsonb_build_array('{"key": "a", "type": "text", "label": {"ro": "A"}}'::jsonb || more)) $$;
create function pg_temp.condition(condition jsonb) returns jsonb language sql as
$$ select pg_temp.of(jsonb_build_array(
     tests.form_item('n', 'integer'), tests.form_item('d', 'date'),
     tests.form_item('g', 'group', jsonb_build_object('repeat', '{}'::jsonb, 'items', jsonb_build_array(tests.form_item('inner', 'text')))),
     tests.form_item('a', 'text', jsonb_build_object('visible_if', condition)))) $$;
create function pg_temp.score(more jsonb) returns jsonb language sql as
$$ select pg_temp.of(jsonb_build_array(tests.form_item('n', 'scale', '{"min": 0, "max": 10}'), tests.form_item('t', 'text')), jsonb_build_object('scores', jsonb_build_array(
     '{"key": "s", "label": {"ro": "S"}, "method": "sum", "fields": ["n"], "direction": "lower_is_better", "version": 1}'::jsonb || more))) $$;
insert into cases values
  ('what is no object', '5', '{" not_an_object"}'),
  ('another format', '{"format": 2, "title": {"ro": "T"}, "items": [{"key": "a", "type": "boolean", "label": {"en": "A"}}]}', '{"format format_unknown 1"}'),
  ('no title, no items', '{"format": 1}', '{"title required","items not_a_list"}'),
  ('a property that nobody knows', pg_temp.item('{"pattern": "(a+)+$"}'), '{"items[0].pattern property_unknown"}'),
  ('a type that nobody knows', pg_temp.item('{"type": "html"}'), '{"items[0].type type_unknown"}'),
  ('a key of capitals', pg_temp.item('{"key": "A"}'), '{"items[0].key key_not_usable"}'),
  ('a key twice', pg_temp.of(jsonb_build_array(tests.form_item('a', 'text'), tests.form_item('g', 'group', jsonb_build_object('items', jsonb_build_array(tests.form_item('a', 'text')))))),
    '{"items[1].items[0].key key_twice"}'),
  ('a label in German', pg_temp.item('{"label": {"de": "A"}}'), '{"items[0].label not_a_text_by_language"}'),
  ('a label that is long', pg_temp.item(jsonb_build_object('label', jsonb_build_object('ro', repeat('x', 10001)))), '{"items[0].label too_long 10000"}'),
  ('a label that is markup is text', pg_temp.item('{"label": {"ro": "<img src=x onerror=alert(1)>"}}'), '{}'),
  ('bounds that cross', pg_temp.item('{"min_length": 5, "max_length": 4}'), '{"items[0].max_length bound_not_usable"}'),
  ('a bound that is text', pg_temp.item('{"min_length": "5"}'), '{"items[0].min_length bound_not_usable"}'),
  ('a scale without an end', pg_temp.item('{"type": "scale", "min": 0}'), '{"items[0].max bound_not_usable"}'),
  ('a day that is none', pg_temp.item('{"type": "date", "min": "2025-02-30"}'), '{"items[0].min bound_not_usable"}'),
  ('no options', pg_temp.item('{"type": "choice", "options": []}'), '{"items[0].options not_a_list"}'),
  ('an option twice', pg_temp.item('{"type": "choice", "options": [{"value": "x", "label": {"ro": "X"}}, {"value": "x", "label": {"ro": "Y"}}]}'), '{"items[0].options[1].value key_twice"}'),
  ('201 options', pg_temp.item(jsonb_build_object('type', 'choice', 'options', (select jsonb_agg(jsonb_build_object('value', n::text, 'label', '{"ro": "X"}'::jsonb)) from generate_series(1, 201) as n))),
    '{"items[0].options too_many 200"}'),
  ('501 items', pg_temp.of((select jsonb_agg(tests.form_item('k' || n, 'boolean')) from generate_series(1, 501) as n)), '{"items too_many 500"}'),
  ('500 items', pg_temp.of((select jsonb_agg(tests.form_item('k' || n, 'boolean')) from generate_series(1, 500) as n)), '{}'),
  ('too large in all', pg_temp.of((select jsonb_agg(tests.form_item('k' || n, 'boolean', jsonb_build_object('help', jsonb_build_object('ro', repeat('x', 5000))))) from generate_series(1, 40) as n)),
    '{" too_large_in_all 200000"}'),
  ('groups three deep', pg_temp.of(jsonb_build_array(tests.form_item('g', 'group', jsonb_build_object('items', jsonb_build_array(tests.form_item('h', 'group',
    jsonb_build_object('items', jsonb_build_array(tests.form_item('i', 'group', jsonb_build_object('items', jsonb_build_array(tests.form_item('a', 'text')))))))))))),
    '{"items[0].items[0].items[0] too_deep 2"}'),
  ('a group that repeats too often', pg_temp.item('{"type": "group", "repeat": {"max": 101}, "items": [{"key": "b", "type": "text", "label": {"ro": "B"}}]}'), '{"items[0].repeat bound_not_usable"}'),
  ('five conditions within each other', pg_temp.condition('{"not": {"not": {"not": {"not": {"field": "n", "op": "answered"}}}}}'), '{}'),
  ('six', pg_temp.condition('{"not": {"not": {"not": {"not": {"not": {"field": "n", "op": "answered"}}}}}}'), '{"items[3].visible_if.not.not.not.not.not too_deep 5"}'),
  ('a condition on what comes later', pg_temp.condition('{"field": "a", "op": "answered"}'), '{"items[3].visible_if.field field_not_declared_before"}'),
  ('a condition on one of many entries', pg_temp.condition('{"field": "inner", "op": "answered"}'), '{"items[3].visible_if.field field_not_declared_before"}'),
  ('an operator that nobody knows', pg_temp.condition('{"field": "n", "op": "matches", "value": "^a"}'), '{"items[3].visible_if.op operator_unknown"}'),
  ('a number against a day', pg_temp.condition('{"field": "d", "op": "less", "value": 3}'), '{"items[3].visible_if.value value_not_usable"}'),
  ('two conditions in one', pg_temp.condition('{"all": [], "any": []}'), '{"items[3].visible_if not_a_condition"}'),
  ('an empty all', pg_temp.condition('{"all": []}'), '{"items[3].visible_if.all not_a_list 50"}'),
  ('a profile field of another type', pg_temp.item('{"profile_field": "birth_date"}'), '{"items[0].profile_field field_not_usable"}'),
  ('a profile field twice', pg_temp.of(jsonb_build_array(tests.form_item('a', 'text', '{"profile_field": "given_name"}'), tests.form_item('b', 'text', '{"profile_field": "given_name"}'))),
    '{"items[1].profile_field key_twice"}'),
  ('a score', pg_temp.score('{"range": [0, 10], "min_answered": 1}'), '{}'),
  ('a score of text', pg_temp.score('{"fields": ["t"]}'), '{"scores[0].fields[0] field_not_usable"}'),
  ('a score that asks for more than there is', pg_temp.score('{"min_answered": 2}'), '{"scores[0].min_answered bound_not_usable"}'),
  ('a score by another method', pg_temp.score('{"method": "eval"}'), '{"scores[0].method method_unknown"}');
select plan((select count(*)::int from cases));
select is(
  array(select concat_ws(' ', problem.path, problem.reason, problem.details ->> 'bound') from app_private.content_problems(content) as problem),
  problems, name)
from cases;
select * from finish();
rollback;
