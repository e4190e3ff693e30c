-- Test: answers_schema, answer_schema, forms_answers_schema - the shape of answers as JSON Schema: of each type, of groups, and what has to be there in any case. FRM-04.
begin;
select plan(17);
select is(app_hidden.answer_schema(item::jsonb), wanted::jsonb, item) from (values
  ('{"type": "text", "label": {"ro": "Nume"}}', '{"title": "Nume", "type": "string", "maxLength": 10000}'),
  ('{"type": "long_text", "label": {"en": "Note"}, "min_length": 2, "max_length": 5}', '{"title": "Note", "type": "string", "minLength": 2, "maxLength": 5}'),
  ('{"type": "email"}', '{"type": "string", "format": "email", "maxLength": 254}'),
  ('{"type": "phone"}', '{"type": "string", "maxLength": 31}'),
  ('{"type": "integer", "min": 1, "max": 5}', '{"type": "integer", "minimum": 1, "maximum": 5}'),
  ('{"type": "scale", "min": 0, "max": 10}', '{"type": "integer", "minimum": 0, "maximum": 10}'),
  ('{"type": "number", "min": 0.5}', '{"type": "number", "minimum": 0.5}'),
  ('{"type": "boolean"}', '{"type": "boolean"}'),
  ('{"type": "date"}', '{"type": "string", "format": "date"}'),
  ('{"type": "choice", "options": [{"value": "a"}, {"value": "b"}]}', '{"enum": ["a", "b"]}'),
  ('{"type": "choices", "options": [{"value": "a"}], "min_chosen": 1, "max_chosen": 2}', '{"type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 2, "items": {"enum": ["a"]}}'),
  ('{"type": "file"}', '{"type": "array", "uniqueItems": true, "maxItems": 1, "items": {"type": "string", "format": "uuid"}}'),
  ('{"type": "file", "max_files": 3}', '{"type": "array", "uniqueItems": true, "maxItems": 3, "items": {"type": "string", "format": "uuid"}}'),
  ('{"type": "group", "repeat": {"min": 1, "max": 2}, "items": [{"key": "a", "type": "boolean"}]}',
   '{"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "object", "properties": {"a": {"type": "boolean"}}, "required": [], "additionalProperties": false}}'),
  ('{"type": "group", "repeat": {}, "items": []}', '{"type": "array", "maxItems": 100, "items": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}')
) as cases (item, wanted);
select is(app_hidden.answers_schema('[
  {"key": "said", "type": "statement", "required": true}, {"key": "a", "type": "boolean", "required": true}, {"key": "b", "type": "boolean"},
  {"key": "c", "type": "boolean", "required": true, "visible_if": {"field": "a", "op": "answered"}},
  {"key": "g", "type": "group", "items": [{"key": "d", "type": "boolean", "required": true}]},
  {"key": "h", "type": "group", "visible_if": {"field": "a", "op": "answered"}, "items": [{"key": "e", "type": "boolean", "required": true}]},
  {"key": "r", "type": "group", "repeat": {"min": 1}, "items": [{"key": "f", "type": "boolean", "required": true}]}]'),
  '{"type": "object", "additionalProperties": false, "required": ["a", "d"], "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"type": "boolean"}, "d": {"type": "boolean"}, "e": {"type": "boolean"},
    "r": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "object", "properties": {"f": {"type": "boolean"}}, "required": ["f"], "additionalProperties": false}}}}',
  'what is hidden by a condition is required nowhere, and a statement is no answer');
select is(app_public.forms_answers_schema(jsonb_populate_record(null::app_public.forms, '{"snapshot": {"items": [{"key": "a", "type": "boolean"}]}}')) ->> '$schema', 'https://json-schema.org/draft/2020-12/schema', 'a form says which schema it is');
select * from finish();
rollback;
