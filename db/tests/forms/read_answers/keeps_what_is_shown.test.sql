-- Test: read_answers, read_level, read_items, read_entries, level_keys - of answers what is shown and not empty is kept, and what is wrong is told with its path; entries of a group see what was answered before them. FRM-04.
begin;
select plan(22);
create function pg_temp.read(answers jsonb, items jsonb, complete boolean default true) returns text language sql as $$
  select coalesce((select string_agg(concat_ws(' ', p.value ->> 'path', p.value ->> 'reason', p.value #>> '{details,bound}'), ', ' order by p.ordinality)
                   from jsonb_array_elements(read.problems) with ordinality as p), '') || ' | ' || coalesce(read.kept::text, 'nothing')
  from app_private.read_answers(jsonb_build_object('items', read.items), read.answers, read.complete) as read $$;
create function pg_temp.items() returns jsonb language sql as $$
  select '[{"key": "said", "type": "statement", "required": true},
    {"key": "smokes", "type": "boolean", "required": true},
    {"key": "often", "type": "integer", "required": true, "visible_if": {"field": "smokes", "op": "equals", "value": true}},
    {"key": "since", "type": "integer", "visible_if": {"field": "often", "op": "answered"}},
    {"key": "home", "type": "group", "items": [{"key": "street", "type": "text"}, {"key": "city", "type": "text", "required": true}]},
    {"key": "work", "type": "group", "visible_if": {"field": "smokes", "op": "equals", "value": true}, "items": [{"key": "firm", "type": "text", "required": true}]},
    {"key": "drugs", "type": "group", "repeat": {"min": 1, "max": 2}, "items": [
      {"key": "name", "type": "text", "required": true},
      {"key": "dose", "type": "integer", "visible_if": {"field": "name", "op": "answered"}},
      {"key": "ash", "type": "boolean", "visible_if": {"field": "smokes", "op": "equals", "value": true}}]}]'::jsonb $$;
select is(pg_temp.read(a::jsonb, pg_temp.items(), c), wanted, d) from (values
  ('{"smokes": false, "city": "Cluj", "drugs": [{"name": "A"}]}', true, ' | {"city": "Cluj", "drugs": [{"name": "A"}], "smokes": false}', 'what is right is kept'),
  ('{"smokes": false, "often": 3, "since": 2, "firm": "X", "city": "Cluj", "drugs": [{"name": "A", "ash": true}]}', true, ' | {"city": "Cluj", "drugs": [{"name": "A"}], "smokes": false}', 'what is hidden is left out, in groups and entries as well, and hides what follows it'),
  ('{"smokes": true, "often": 3, "since": 2, "firm": "X", "city": "Cluj", "drugs": [{"name": "A", "dose": 1, "ash": true}]}', true,
   ' | {"city": "Cluj", "firm": "X", "drugs": [{"ash": true, "dose": 1, "name": "A"}], "often": 3, "since": 2, "smokes": true}', 'what is shown is kept'),
  ('{"smokes": true, "drugs": []}', true, 'often required, city required, firm required, drugs too_few 1 | {"smokes": true}', 'what is missing is told'),
  ('{"smokes": true}', false, ' | {"smokes": true}', 'but not of a part'),
  ('{"smokes": null, "often": 1}', false, ' | {}', 'a null is no answer, so nothing hangs on it'),
  ('{"street": "", "city": " \t\n", "drugs": null}', false, ' | {}', 'nor is what is blank'),
  ('{"city": "Cluj", "drugs": "A"}', false, 'drugs not_a_list | {"city": "Cluj", "drugs": "A"}', 'a group that repeats is a list'),
  ('{"drugs": [{"name": "A"}, {"name": "B"}]}', false, ' | {"drugs": [{"name": "A"}, {"name": "B"}]}', 'as many as there may be'),
  ('{"drugs": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}', false, 'drugs too_many 2 | {"drugs": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}', 'and not more'),
  ('{"drugs": [5, {"dose": "x"}, {"name": 1}]}', false, 'drugs too_many 2 | {"drugs": [5, {"dose": "x"}, {"name": 1}]}', 'too many are not looked into'),
  ('{"drugs": [5, {"name": 1, "dose": 1.5, "other": 1}]}', true, 'smokes required, city required, drugs[0] not_an_object, drugs[1].other unknown_key, drugs[1].name not_a_text, drugs[1].dose not_an_integer | {"drugs": [5, {"dose": 1.5, "name": 1}]}', 'what is wrong in an entry has its path'),
  ('{"drugs": [{}]}', true, 'smokes required, city required, drugs[0].name required | {"drugs": [{}]}', 'an entry is asked like a form'),
  ('{"said": 1, "home": {}, "work": 2, "smokes": 1, "x": 1}', false, 'home unknown_key, said unknown_key, work unknown_key, x unknown_key, smokes not_a_boolean | {"smokes": 1}', 'statements and groups are no answers')
) as cases (a, c, wanted, d);
select is(pg_temp.read('[]', '[]'), ' not_an_object | {}', 'answers are an object');
select is(pg_temp.read(null, '[]'), ' not_an_object | {}', 'and are there');
select is(pg_temp.read(jsonb_build_object('a', repeat('x', 200000 - 9)), '[{"key": "b", "type": "text"}]', false), 'a unknown_key | {}', '200,000 bytes are read');
select is(pg_temp.read(jsonb_build_object('a', repeat('x', 200000 - 8)), '[{"key": "a", "type": "text"}]'), ' too_large_in_all 200000 | {}', 'more are not');
select is(pg_temp.read('{"r": [{"q": [{"a": 1}]}], "b": 1}', '[{"key": "b", "type": "integer"}, {"key": "r", "type": "group", "repeat": {}, "items": [
    {"key": "q", "type": "group", "repeat": {}, "items": [{"key": "a", "type": "integer", "visible_if": {"field": "b", "op": "answered"}}]}]}]', false),
  ' | {"b": 1, "r": [{"q": [{"a": 1}]}]}', 'entries of entries see what is outside of both');
select is(pg_temp.read(jsonb_build_object('r', (select jsonb_agg('{"a": 1}'::jsonb) from generate_series(1, 101))), '[{"key": "r", "type": "group", "repeat": {}, "items": [{"key": "a", "type": "integer"}]}]', false) ~ '^r too_many 100 ', true, 'a hundred entries, where nothing else is said');
select is((select count(*) from app_private.form_problems('{"items": []}', (select jsonb_object_agg('k' || n, 1) from generate_series(1, 150) n), false)), 100::bigint, 'a hundred unknown keys are named');
select results_eq($$select reason, details from app_private.form_problems('{"items": [{"key": "a", "type": "text"}]}', '{"a": 5}', false)$$, $$values ('not_a_text', '{}'::jsonb)$$, 'a reason without a bound has no details');
select * from finish();
rollback;
