-- Test: form_condition - what is compared, what has no order, and what nobody answered. FRM-04.
begin;
select plan(48);
select is(app_private.form_condition(c::jsonb, '{"n": 5, "t": "mere", "d": "2026-01-05", "l": ["a", "b"], "y": true}', '{"o": 1, "n": 9}'), wanted, c) from (values
  ('{"field": "n", "op": "answered"}', true), ('{"field": "x", "op": "answered"}', false), ('{"field": "o", "op": "answered"}', true), ('{"field": "n", "op": "not_answered"}', false), ('{"field": "x", "op": "not_answered"}', true),
  ('{"field": "n", "op": "equals", "value": 5}', true), ('{"field": "n", "op": "equals", "value": 9}', false), ('{"field": "o", "op": "equals", "value": 1}', true), ('{"field": "x", "op": "equals", "value": 5}', false),
  ('{"field": "n", "op": "not_equals", "value": 5}', false), ('{"field": "n", "op": "not_equals", "value": 6}', true), ('{"field": "x", "op": "not_equals", "value": 6}', false), ('{"field": "n", "op": "not_equals"}', false),
  ('{"field": "n", "op": "in", "value": [1, 5]}', true), ('{"field": "n", "op": "in", "value": [1]}', false), ('{"field": "n", "op": "in", "value": 5}', false),
  ('{"field": "l", "op": "contains", "value": "b"}', true), ('{"field": "l", "op": "contains", "value": "c"}', false), ('{"field": "t", "op": "contains", "value": "er"}', true), ('{"field": "t", "op": "contains", "value": "mere"}', true),
  ('{"field": "t", "op": "contains", "value": "x"}', false), ('{"field": "n", "op": "contains", "value": "5"}', false),
  ('{"field": "n", "op": "greater", "value": 4}', true), ('{"field": "n", "op": "greater", "value": 5}', false), ('{"field": "n", "op": "greater", "value": 6}', false),
  ('{"field": "n", "op": "less", "value": 6}', true), ('{"field": "n", "op": "less", "value": 5}', false), ('{"field": "n", "op": "at_least", "value": 5}', true), ('{"field": "n", "op": "at_least", "value": 6}', false),
  ('{"field": "n", "op": "at_most", "value": 5}', true), ('{"field": "n", "op": "at_most", "value": 4}', false),
  ('{"field": "d", "op": "greater", "value": "2026-01-04"}', true), ('{"field": "d", "op": "greater", "value": "2026-01-05"}', false), ('{"field": "d", "op": "less", "value": "2026-01-06"}', true), ('{"field": "d", "op": "less", "value": "2026-01-05"}', false),
  ('{"field": "d", "op": "at_least", "value": "2026-01-05"}', true), ('{"field": "d", "op": "at_most", "value": "2026-01-04"}', false),
  ('{"field": "n", "op": "greater", "value": "1"}', false), ('{"field": "n", "op": "at_most", "value": "1"}', false), ('{"field": "d", "op": "at_most", "value": 1}', false), ('{"field": "d", "op": "greater", "value": 1}', false), ('{"field": "y", "op": "at_least", "value": true}', false),
  ('{"all": [{"field": "n", "op": "answered"}, {"field": "x", "op": "answered"}]}', false), ('{"all": [{"field": "n", "op": "answered"}, {"field": "t", "op": "answered"}]}', true),
  ('{"any": [{"field": "x", "op": "answered"}, {"field": "n", "op": "answered"}]}', true), ('{"any": [{"field": "x", "op": "answered"}]}', false),
  ('{"not": {"field": "x", "op": "answered"}}', true), ('{"not": {"field": "n", "op": "answered"}}', false)
) as cases (c, wanted);
select * from finish();
rollback;
