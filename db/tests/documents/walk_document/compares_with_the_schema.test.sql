-- Test: walk_document, with_bounds, walk_comparison - a value of a template is compared with its schema, at every place and up to a hundred problems; a condition compares what can be compared. DOC-01.
begin;
select plan(49);
create function pg_temp.wrong(schema jsonb, given jsonb) returns text language sql as $$
  select string_agg(concat_ws(' ', p.value ->> 'path', p.value ->> 'reason', p.value #>> '{details,bound}'), ', ' order by p.value ->> 'path')
  from jsonb_array_elements(app_private.walk_document(schema, given, '$', '{"kind": "report", "inputs": {}}', 0, '[]')) as p $$;

select is(pg_temp.wrong('{"type": "object", "properties": {}}', '[]'), '$ not_an_object', 'an object');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}}', '{}'), '$ not_a_list', 'a list');
select is(pg_temp.wrong('{"type": "string"}', '3'), '$ not_a_text', 'a text');
select is(pg_temp.wrong('{"type": "boolean"}', '"x"'), '$ not_a_boolean', 'yes or no');
select is(pg_temp.wrong('{"type": "number"}', '"x"'), '$ not_a_number', 'a number');
select is(pg_temp.wrong('{"type": "integer"}', '1.5'), '$ not_a_whole_number', 'a whole one where it is to be');
select is(pg_temp.wrong('{"type": "number"}', '1.5'), null, 'and any where it is not');
select is(pg_temp.wrong('{"type": "number", "minimum": 2, "maximum": 4}', '2'), null, 'both ends of a range are in it');
select is(pg_temp.wrong('{"type": "number", "minimum": 2, "maximum": 4}', '4'), null, 'the upper one as well');
select is(pg_temp.wrong('{"type": "number", "minimum": 2, "maximum": 4}', '1.99'), '$ out_of_range 4', 'what is below is not');
select is(pg_temp.wrong('{"type": "number", "minimum": 2, "maximum": 4}', '4.01'), '$ out_of_range 4', 'nor what is above');
select is(pg_temp.wrong('{"enum": ["a", "b"]}', '"b"'), null, 'a word of those that are known');
select is(pg_temp.wrong('{"enum": ["a", "b"]}', '"c"'), '$ word_unknown', 'no other');
select is(pg_temp.wrong('{"enum": ["a", "b"]}', '["a"]'), '$ word_unknown', 'and no list of them');
select is(pg_temp.wrong('{"type": "string", "maxLength": 3}', '"abc"'), null, 'a text as long as it may be');
select is(pg_temp.wrong('{"type": "string", "maxLength": 3}', '"abcd"'), '$ too_long 3', 'and no longer');
select is(pg_temp.wrong('{"type": "string"}', to_jsonb(repeat('a', 5000))), null, 'five thousand characters where nothing is said');
select is(pg_temp.wrong('{"type": "string"}', to_jsonb(repeat('a', 5001))), '$ too_long 5000', 'and not one more');
select is(pg_temp.wrong('{"type": "string", "pattern": "^a+$"}', '"ab"'), '$ not_of_this_shape', 'of its shape');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}', '["a", "b"]'), null, 'a list as long as it may be');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}', '["a", "b", "c"]'), '$ too_many 2', 'not longer');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}', '[]'), '$ too_few 1', 'nor shorter');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}}', '["a", 3, "b", 4]'), '$[1] not_a_text, $[3] not_a_text', 'each thing in it where it stands');
select is(pg_temp.wrong('{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}, "required": ["a"]}', '{"b": "x", "c": 1}'), '$.a required, $.b not_a_number, $.c property_unknown', 'and each property');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}}', (select jsonb_agg(n) from generate_series(1, 99) n)) ~ '^(\$\[\d+\] not_a_text(, )?){99}$', true, 'every problem is told');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}}', (select jsonb_agg(n) from generate_series(1, 200) n)) ~ '^(\$\[\d+\] not_a_text(, )?){100}$', true, 'up to a hundred');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}}', (select jsonb_agg(case n when 500 then '3' else '"a"' end::jsonb) from generate_series(1, 500) n)), '$[499] not_a_text', 'of the first five hundred things in a list');
select is(pg_temp.wrong('{"type": "array", "items": {"type": "string"}}', (select jsonb_agg(case n when 501 then '3' else '"a"' end::jsonb) from generate_series(1, 501) n)), null, 'and not beyond');

-- What documents know by themselves.
select is(pg_temp.wrong('{"format": "value"}', to_jsonb(repeat('a', 200))), null, 'what is compared with has two hundred characters');
select is(array[pg_temp.wrong('{"format": "value"}', to_jsonb(repeat('a', 201))), pg_temp.wrong('{"format": "value"}', 'true'), pg_temp.wrong('{"format": "value"}', '["a"]')], array_fill('$ value_not_usable'::text, array[3]), 'and not more, and is a text or a number');
select is(pg_temp.wrong('{"format": "value"}', '3'), null, 'a number as well');
select is(array[pg_temp.wrong('{"format": "field"}', '"patient.name"'), pg_temp.wrong('{"format": "field"}', '3'), pg_temp.wrong('{"format": "field"}', '["patient.name"]')], '{null,$ field_unknown,$ field_unknown}'::text[], 'a field is named');
select is(array[pg_temp.wrong('{"format": "blocks"}', '{}'), pg_temp.wrong('{"format": "runs"}', '"a"')], '{$ not_a_list,$ not_a_list}'::text[], 'blocks and runs of text are lists');
select is(pg_temp.wrong('{"format": "blocks"}', '[3, {"type": "divider", "id": "a"}, "x"]'), '$[0] not_an_object, $[2] not_an_object', 'of objects');
select is(pg_temp.wrong('{"format": "runs"}', (select jsonb_agg('{"text": "a"}'::jsonb) from generate_series(1, 500))), null, 'five hundred of them');
select is(pg_temp.wrong('{"format": "runs"}', (select jsonb_agg(case n when 501 then '{"field": "nothing"}' else '{"text": "a"}' end::jsonb) from generate_series(1, 501) n)), '$ too_many 500', 'and no more, which are not looked at');

-- What a condition compares.
create function pg_temp.compares(type text, operator text, value jsonb default null) returns text language sql as $$
  select string_agg((p.value ->> 'path') || ' ' || (p.value ->> 'reason'), ', ')
  from jsonb_array_elements(app_private.walk_comparison(
    jsonb_strip_nulls(jsonb_build_object('field', case type when 'money' then 'appointment.price' when 'instant' then 'appointment.starts_at' when 'collection' then 'sessions' when 'unknown' then 'patient.cnp' else 'input.x' end,
      'operator', operator, 'value', value)), '$', jsonb_build_object('kind', 'report', 'inputs', jsonb_build_object('x', jsonb_build_object('type', type))), '[]')) as p $$;
select is((select array_agg(pg_temp.compares(type, operator)) from unnest('{text,number,date,money,instant,collection}'::text[]) type, unnest('{is_filled,is_empty}'::text[]) operator), array_fill(null::text, array[12]), 'anything is filled or empty');
select is(pg_temp.compares('text', 'is_filled', '"x"'), '$.value value_not_usable', 'compared with nothing');
select is(pg_temp.compares('text', 'equals'), '$.value required', 'anything else is compared with something');
select is(pg_temp.compares('unknown', 'equals', '3'), null, 'a field that is not known is told elsewhere');
select is((select array_agg(distinct pg_temp.compares(type, 'equals', '"x"')) from unnest('{collection,money}'::text[]) type), '{"$.operator operator_unknown"}'::text[], 'a collection or a price equals nothing');
select is((select array_agg(pg_temp.compares(type, operator, case type when 'number' then '3'::jsonb else '"2027-01-01"' end)) from unnest('{number,date,instant}'::text[]) type, unnest('{greater,less,at_least,at_most}'::text[]) operator), array_fill(null::text, array[12]),
  'numbers and days are greater and less');
select is((select array_agg(distinct pg_temp.compares('text', operator, '"x"')) from unnest('{greater,less,at_least,at_most}'::text[]) operator), '{"$.operator operator_unknown"}'::text[], 'texts are not');
select is(array[pg_temp.compares('text', 'contains', '"x"'), pg_temp.compares('long_text', 'contains', '"x"')], '{null,null}'::text[], 'texts contain others');
select is(array[pg_temp.compares('number', 'contains', '3'), pg_temp.compares('date', 'contains', '"2027-01-01"')], '{"$.operator operator_unknown","$.operator operator_unknown"}'::text[], 'nothing else does');
select is(array[pg_temp.compares('text', 'equals', '"x"'), pg_temp.compares('number', 'equals', '3'), pg_temp.compares('date', 'equals', '"2027-01-01"')], '{null,null,null}'::text[], 'each is compared with its like');
select is(array[pg_temp.compares('text', 'equals', '3'), pg_temp.compares('number', 'equals', '"3"'), pg_temp.compares('date', 'equals', '3')], '{"$.value value_not_usable","$.value value_not_usable","$.value value_not_usable"}'::text[], 'and with nothing else');
select is(array[pg_temp.compares('date', 'equals', '"2027-02-30"'), pg_temp.compares('instant', 'greater', '"soon"')], '{"$.value value_not_usable","$.value value_not_usable"}'::text[], 'days are days of the calendar');
select is(pg_temp.compares('text', 'equals', '"2027-02-30"'), null, 'where days are meant');
select * from finish();
rollback;
