-- Test: content_problems - at each bound and for each type: what may just be said, and what may not be any more. FRM-02, FRM-09.
begin;
create function pg_temp.of(items jsonb, more jsonb default '{}') returns jsonb language sql as
$$ select '{"format": 1, "title": {"ro": "T"}}'::jsonb || jsonb_build_object('items', items) || more $$;
create function pg_temp.item(more jsonb) returns jsonb language sql as
$$ select pg_temp.of(jsonb_build_array('{"key": "a", "type": "text", "label": {"ro": "A"}}'::jsonb || more)) $$;
create function pg_temp.option(more jsonb) returns jsonb language sql as
$$ select pg_temp.item(jsonb_build_object('type', 'choice', 'options', jsonb_build_array('{"value": "x", "label": {"ro": "X"}}'::jsonb || more))) $$;
create function pg_temp.condition(condition jsonb) returns jsonb language sql as
$$ select pg_temp.of(jsonb_build_array(
     tests.form_item('n', 'integer'), tests.form_item('d', 'date'), tests.form_item('t', 'text'), '{"key": "s", "type": "statement", "text": {"ro": "S"}}'::jsonb,
     tests.form_item('g', 'group', jsonb_build_object('items', jsonb_build_array(tests.form_item('inner', 'text')))),
     tests.form_item('a', 'text', jsonb_build_object('visible_if', condition)))) $$;
create function pg_temp.score(more jsonb, n int default 1) returns jsonb language sql as
$$ select pg_temp.of(
     jsonb_build_array(tests.form_item('n', 'scale', '{"min": 0, "max": 10}'), tests.form_item('true', 'integer'),
       tests.form_item('g', 'group', jsonb_build_object('repeat', '{}'::jsonb, 'items', jsonb_build_array(tests.form_item('many', 'integer'))))),
     jsonb_build_object('scores', (select jsonb_agg(jsonb_build_object('key', 's' || s) || '{"label": {"ro": "S"}, "method": "sum", "fields": ["n"], "direction": "lower_is_better", "version": 1}'::jsonb || more) from generate_series(1, n) s))) $$;
create function pg_temp.large(bytes int) returns jsonb language sql as
$$ select base.content || jsonb_build_object('intro', jsonb_build_object('ro', repeat('x', bytes - octet_length((base.content || '{"intro": {"ro": ""}}')::text))))
   from (select pg_temp.of((select jsonb_agg(tests.form_item('k' || n, 'boolean', jsonb_build_object('help', jsonb_build_object('ro', repeat('x', 9800))))) from generate_series(1, 20) as n)) as content) as base $$;
create temporary table cases (place serial, content jsonb, problems text);
insert into cases (content, problems) values
  (pg_temp.large(200000), ''), (pg_temp.large(200001), ' too_large_in_all 200000'),
  (pg_temp.of('[]'), 'items not_a_list'), (pg_temp.of('[5]'), 'items[0] not_an_object'), (pg_temp.of('[{"type": "text", "label": {"ro": "A"}}]'), 'items[0].key key_not_usable'), (pg_temp.item('{"key": true}'), 'items[0].key key_not_usable'),
  (pg_temp.of(jsonb_build_array(tests.form_item('g', 'group', jsonb_build_object('items', (select jsonb_agg(tests.form_item('k' || n, 'boolean')) from generate_series(1, 500) as n))), tests.form_item('b', 'boolean'))), 'items too_many 500'),
  (pg_temp.of(jsonb_build_array(tests.form_item('a', 'text', '{"profile_field": "given_name"}'), tests.form_item('c', 'text'), tests.form_item('b', 'text', '{"profile_field": "family_name"}'))), ''),
  (pg_temp.of(jsonb_build_array(tests.form_item('g', 'group', jsonb_build_object('repeat', '{}'::jsonb, 'items', jsonb_build_array(tests.form_item('a', 'text', '{"profile_field": "given_name"}'), tests.form_item('b', 'text', '{"custom_field": "b"}')))))),
   'items[0].items[0].profile_field field_not_usable, items[0].items[1].custom_field field_not_usable'),
  -- Texts.
  (pg_temp.item('{"label": "A"}'), 'items[0].label not_a_text_by_language'), (pg_temp.item('{"label": {}}'), 'items[0].label not_a_text_by_language'), (pg_temp.item('{"label": {"ro": 5}}'), 'items[0].label not_a_text_by_language'),
  (pg_temp.item('{"label": {"ro": "A", "en": " \t\n"}}'), 'items[0].label blank'), (pg_temp.item(jsonb_build_object('label', jsonb_build_object('ro', repeat('x', 10000)))), ''),
  -- Fields.
  (pg_temp.item('{"min_length": 5, "max_length": 5}'), ''), (pg_temp.item('{"min_length": 1.5}'), 'items[0].min_length bound_not_usable'), (pg_temp.item('{"max_length": 10001}'), 'items[0].max_length bound_not_usable'),
  (pg_temp.item('{"required": "yes"}'), 'items[0].required not_a_boolean'), (pg_temp.item('{"required": true}'), ''),
  (pg_temp.item('{"type": "integer", "max": 1000000001}'), 'items[0].max bound_not_usable'), (pg_temp.item('{"type": "integer", "min": 0.5}'), 'items[0].min bound_not_usable'),
  (pg_temp.item('{"type": "number", "max": 1000000001}'), 'items[0].max bound_not_usable'), (pg_temp.item('{"type": "number", "min": 0.5}'), ''),
  (pg_temp.item('{"type": "scale", "min": 0, "max": 10}'), ''), (pg_temp.item('{"type": "scale", "max": 10}'), 'items[0].min bound_not_usable'), (pg_temp.item('{"type": "scale"}'), 'items[0].min bound_not_usable'), (pg_temp.item('{"type": "scale", "min": 0.5, "max": 10}'), 'items[0].min bound_not_usable'),
  (pg_temp.item('{"type": "date"}'), ''), (pg_temp.item('{"type": "date", "min": "2026-01-01", "max": "2026-01-01"}'), ''), (pg_temp.item('{"type": "date", "min": "2026-01-02", "max": "2026-01-01"}'), 'items[0].max bound_not_usable'),
  (pg_temp.item('{"type": "date", "max": "2026-1-1"}'), 'items[0].min bound_not_usable'), (pg_temp.item('{"type": "date", "max": 20260101}'), 'items[0].min bound_not_usable'),
  (pg_temp.item('{"type": "file", "max_files": 21}'), 'items[0].max_files bound_not_usable'), (pg_temp.item('{"type": "file", "max_files": 20}'), ''),
  (pg_temp.item('{"type": "file", "profile_field": "given_name"}'), 'items[0].profile_field property_unknown, items[0].profile_field field_not_usable'),
  (pg_temp.item('{"type": "statement", "text": {"ro": "S"}, "required": true}'), 'items[0].required property_unknown'), (pg_temp.item('{"type": "statement", "text": {"ro": "S"}}'), ''),
  (pg_temp.item(jsonb_build_object('type', 'group', 'required', true, 'items', jsonb_build_array(tests.form_item('b', 'text')))), 'items[0].required property_unknown'),
  (pg_temp.item('{"type": "boolean", "repeat": 5}'), 'items[0].repeat property_unknown'),
  (pg_temp.item(jsonb_build_object('type', 'group', 'repeat', 5, 'items', jsonb_build_array(tests.form_item('b', 'text')))), 'items[0].repeat bound_not_usable'),
  (pg_temp.item(jsonb_build_object('type', 'group', 'repeat', '{"most": 1}'::jsonb, 'items', jsonb_build_array(tests.form_item('b', 'text')))), 'items[0].repeat bound_not_usable'),
  (pg_temp.item(jsonb_build_object('type', 'group', 'repeat', '{"min": 100, "max": 100}'::jsonb, 'items', jsonb_build_array(tests.form_item('b', 'text')))), ''),
  (pg_temp.item('{"profile_field": "given_name", "custom_field": "a"}'), 'items[0].profile_field field_not_usable'), (pg_temp.item('{"profile_field": 5}'), 'items[0].profile_field field_not_usable'),
  (pg_temp.item('{"custom_field": "a"}'), ''), (pg_temp.item('{"custom_field": "A"}'), 'items[0].custom_field field_not_usable'), (pg_temp.item('{"custom_field": true}'), 'items[0].custom_field field_not_usable'),
  -- Options.
  (pg_temp.item('{"type": "choice", "options": 5}'), 'items[0].options not_a_list'), (pg_temp.item('{"type": "choice", "options": [5]}'), 'items[0].options[0] not_an_object'),
  (pg_temp.item(jsonb_build_object('type', 'choice', 'options', (select jsonb_agg(jsonb_build_object('value', n::text, 'label', '{"ro": "X"}'::jsonb)) from generate_series(1, 200) as n))), ''),
  (pg_temp.item('{"type": "choices", "min_chosen": 201, "options": [{"value": "x", "label": {"ro": "X"}}]}'), 'items[0].min_chosen bound_not_usable'),
  (pg_temp.option('{"value": 5}'), 'items[0].options[0].value value_not_usable 100'), (pg_temp.option('{"value": ""}'), 'items[0].options[0].value value_not_usable 100'),
  (pg_temp.option(jsonb_build_object('value', repeat('x', 100))), ''), (pg_temp.option(jsonb_build_object('value', repeat('x', 101))), 'items[0].options[0].value value_not_usable 100'),
  (pg_temp.option('{"score": 1.5}'), ''), (pg_temp.option('{"score": "1"}'), 'items[0].options[0].score bound_not_usable'), (pg_temp.option('{"score": 1000001}'), 'items[0].options[0].score bound_not_usable'),
  -- Conditions.
  (pg_temp.condition('5'), 'items[5].visible_if not_a_condition'), (pg_temp.condition('{"all": 5}'), 'items[5].visible_if.all not_a_list 50'),
  (pg_temp.condition(jsonb_build_object('any', (select jsonb_agg('{"field": "n", "op": "answered"}'::jsonb) from generate_series(1, 50)))), ''),
  (pg_temp.condition(jsonb_build_object('any', (select jsonb_agg('{"field": "n", "op": "answered"}'::jsonb) from generate_series(1, 51)))), 'items[5].visible_if.any not_a_list 50'),
  (pg_temp.condition('{"field": "n", "op": "answered", "why": 1}'), 'items[5].visible_if not_a_condition'), (pg_temp.condition('{"field": "n"}'), 'items[5].visible_if not_a_condition'), (pg_temp.condition('{"op": "answered"}'), 'items[5].visible_if not_a_condition'),
  (pg_temp.condition('{"field": "s", "op": "answered"}'), 'items[5].visible_if.field field_not_declared_before'), (pg_temp.condition('{"field": "g", "op": "answered"}'), 'items[5].visible_if.field field_not_declared_before'),
  (pg_temp.condition('{"field": "unknown", "op": "answered"}'), 'items[5].visible_if.field field_not_declared_before'),
  (pg_temp.condition('{"field": "inner", "op": "not_answered"}'), ''), (pg_temp.condition('{"field": "n", "op": "answered", "value": 1}'), 'items[5].visible_if.value value_not_usable'),
  (pg_temp.condition('{"field": "n", "op": "equals", "value": 5}'), ''), (pg_temp.condition('{"field": "n", "op": "not_equals", "value": {}}'), 'items[5].visible_if.value value_not_usable'), (pg_temp.condition('{"field": "n", "op": "equals"}'), 'items[5].visible_if.value value_not_usable'),
  (pg_temp.condition(jsonb_build_object('field', 't', 'op', 'equals', 'value', repeat('x', 1000))), ''), (pg_temp.condition(jsonb_build_object('field', 't', 'op', 'equals', 'value', repeat('x', 1001))), 'items[5].visible_if.value value_not_usable'),
  (pg_temp.condition('{"field": "n", "op": "in", "value": 5}'), 'items[5].visible_if.value value_not_usable 200'), (pg_temp.condition('{"field": "n", "op": "in", "value": []}'), 'items[5].visible_if.value value_not_usable 200'),
  (pg_temp.condition('{"field": "n", "op": "in", "value": [1, null]}'), 'items[5].visible_if.value value_not_usable 200'), (pg_temp.condition('{"field": "n", "op": "in", "value": [1, "a", true]}'), ''),
  (pg_temp.condition(jsonb_build_object('field', 'n', 'op', 'in', 'value', (select jsonb_agg(n) from generate_series(1, 201) n))), 'items[5].visible_if.value value_not_usable 200'),
  (pg_temp.condition('{"field": "t", "op": "contains", "value": "a"}'), ''), (pg_temp.condition('{"field": "t", "op": "contains", "value": 5}'), 'items[5].visible_if.value value_not_usable'),
  (pg_temp.condition('{"field": "n", "op": "less", "value": 3}'), ''), (pg_temp.condition('{"field": "d", "op": "at_most", "value": "2026-01-01"}'), ''), (pg_temp.condition('{"field": "d", "op": "greater", "value": "soon"}'), 'items[5].visible_if.value value_not_usable'),
  (pg_temp.condition('{"field": "n", "op": "greater", "value": "2026-01-01"}'), 'items[5].visible_if.value value_not_usable'), (pg_temp.condition('{"field": "t", "op": "greater", "value": 3}'), 'items[5].visible_if.value value_not_usable'),
  -- Scores.
  (pg_temp.score('{}', 20), ''), (pg_temp.score('{}', 21), 'scores not_a_list 20'), (pg_temp.of(jsonb_build_array(tests.form_item('a', 'text')), '{"scores": 5}'), 'scores not_a_list 20'),
  (pg_temp.of(jsonb_build_array(tests.form_item('a', 'text')), '{"scores": [5]}'), 'scores[0] not_an_object'), (pg_temp.score('{"key": "twice"}', 2), 'scores[1].key key_twice'), (pg_temp.score('{"key": "S"}'), 'scores[0].key key_not_usable'),
  (pg_temp.score('{"direction": "better"}'), 'scores[0].direction direction_unknown'), (pg_temp.score('{"fields": 5}'), 'scores[0].fields not_a_list 200'), (pg_temp.score('{"fields": []}'), 'scores[0].fields not_a_list 200'),
  (pg_temp.score('{"fields": ["n", "true"]}'), ''), (pg_temp.score('{"fields": [true]}'), 'scores[0].fields[0] field_not_usable'), (pg_temp.score('{"fields": ["many"]}'), 'scores[0].fields[0] field_not_usable'), (pg_temp.score('{"fields": ["n", "n"]}'), 'scores[0].fields key_twice'),
  (pg_temp.score('{"range": [5, 5]}'), 'scores[0].range bound_not_usable'), (pg_temp.score('{"range": [5, "6"]}'), 'scores[0].range bound_not_usable'), (pg_temp.score('{"range": [1, 2, 3]}'), 'scores[0].range bound_not_usable'),
  (pg_temp.score('{"version": 1.5}'), 'scores[0].version bound_not_usable'), (jsonb_set(pg_temp.score('{}'), '{scores,0}', (pg_temp.score('{}') #> '{scores,0}') - 'version'), 'scores[0].version bound_not_usable');
select plan((select count(*)::int + 1 from cases));
select is(
  (select coalesce(string_agg(concat_ws(' ', problem.path, problem.reason, problem.details ->> 'bound'), ', '), '') from app_private.content_problems(content) as problem),
  problems, place || ': ' || left(content::text, 100))
from cases order by place;
select is((select details from app_private.content_problems('5')), '{}', 'a problem without a bound has no details');
select * from finish();
rollback;
