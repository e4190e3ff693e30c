-- Test: answer_problem, list_problem - of one answer the first thing that is wrong, with its bound; at a bound it is right. FRM-04.
begin;
select plan(65);
create function pg_temp.said(type text, value jsonb, item jsonb default '{}') returns text language sql as $$
  select coalesce(concat_ws(' ', found.reason, found.details ->> 'bound'), '') from app_private.answer_problem(item, type, value) as found $$;
select is(pg_temp.said(type, value::jsonb, item::jsonb), wanted, format('%s %s of %s: %s', type, left(value, 40), item, wanted)) from (values
  ('text', '"abc"', '{"min_length": 3, "max_length": 3}', ''), ('text', '"abcd"', '{"max_length": 3}', 'too_long 3'), ('text', '"ab"', '{"min_length": 3}', 'too_short 3'),
  ('text', '5', '{}', 'not_a_text'), ('text', '"ș€😀"', '{"max_length": 3}', ''), ('text', '"a\nb"', '{}', 'not_one_line'), ('text', '"a\u007fb"', '{}', 'not_one_line'),
  ('long_text', '"a\nb"', '{}', ''), ('long_text', '"abcd"', '{"max_length": 3}', 'too_long 3'), ('long_text', 'true', '{}', 'not_a_text'),
  ('text', to_jsonb(repeat('x', 10000))::text, '{}', ''), ('text', to_jsonb(repeat('x', 10001))::text, '{}', 'too_long 10000'),
  ('email', '"ana@people.test"', '{}', ''), ('email', '"ana"', '{}', 'not_an_email'), ('email', '"ana@people"', '{}', 'not_an_email'), ('email', '["ana@people.test"]', '{}', 'not_a_text'),
  ('email', to_jsonb(repeat('a', 249) || '@b.cde')::text, '{}', 'not_an_email'), ('email', to_jsonb(repeat('a', 248) || '@b.cde')::text, '{}', ''), ('email', '"a@b.c\n"', '{}', 'not_one_line'),
  ('phone', '"0722 123 456"', '{}', ''), ('phone', '"+40 (722) 123-456"', '{}', ''), ('phone', '"123456"', '{}', ''), ('phone', '"12345"', '{}', 'not_a_phone'),
  ('phone', '"1234567890123456"', '{}', 'not_a_phone'), ('phone', '"1234 5"', '{}', 'not_a_phone'), ('phone', '"123456x"', '{}', 'not_a_phone'), ('phone', '"123456789012345"', '{}', ''),
  ('integer', '10', '{"min": 10, "max": 10}', ''), ('integer', '11', '{"max": 10}', 'too_large 10'), ('integer', '9', '{"min": 10}', 'too_small 10'), ('integer', '"10"', '{}', 'not_a_number'),
  ('integer', '1.5', '{}', 'not_an_integer'), ('scale', '1.5', '{"min": 0, "max": 10}', 'not_an_integer'), ('number', '1.5', '{}', ''), ('number', 'true', '{}', 'not_a_number'),
  ('number', '1000000000000000', '{}', ''), ('number', '1000000000000000.1', '{}', 'too_large 1000000000000000'), ('number', '-1000000000000000', '{}', ''), ('number', '-1000000000000001', '{}', 'too_small -1000000000000000'),
  ('boolean', 'false', '{}', ''), ('boolean', '"true"', '{}', 'not_a_boolean'),
  ('date', '"2026-02-28"', '{}', ''), ('date', '"2026-02-30"', '{}', 'not_a_date'), ('date', '"2026-2-3"', '{}', 'not_a_date'), ('date', '"today"', '{}', 'not_a_date'), ('date', 'null', '{}', 'not_a_date'), ('date', '20260203', '{}', 'not_a_date'),
  ('date', '"2026-02-28"', '{"min": "2026-02-28", "max": "2026-02-28"}', ''), ('date', '"2026-03-01"', '{"max": "2026-02-28"}', 'too_late 2026-02-28'), ('date', '"2026-02-27"', '{"min": "2026-02-28"}', 'too_early 2026-02-28'),
  ('choice', '"a"', '{"options": [{"value": "b"}, {"value": "a"}]}', ''), ('choice', '"c"', '{"options": [{"value": "a"}]}', 'not_offered'), ('choice', '1', '{"options": [{"value": "a"}]}', 'not_a_text'),
  ('choices', '["a", "b"]', '{"options": [{"value": "a"}, {"value": "b"}], "min_chosen": 2, "max_chosen": 2}', ''), ('choices', '"a"', '{"options": [{"value": "a"}]}', 'not_a_list'),
  ('choices', '["a", 1]', '{"options": [{"value": "a"}]}', 'not_a_text'), ('choices', '["a", "b"]', '{"options": [{"value": "a"}, {"value": "b"}], "max_chosen": 1}', 'too_many 1'),
  ('choices', '["a"]', '{"options": [{"value": "a"}, {"value": "b"}], "min_chosen": 2}', 'too_few 2'), ('choices', '["a", "a"]', '{"options": [{"value": "a"}]}', 'chosen_twice'),
  ('choices', '["a", "c"]', '{"options": [{"value": "a"}, {"value": "b"}]}', 'not_offered'),
  ('file', '["01234567-89ab-cdef-0123-456789abcdef"]', '{}', ''), ('file', '["x"]', '{}', 'not_a_file'), ('file', '["01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef"]', '{}', 'too_many 1'),
  ('file', '["01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef"]', '{"max_files": 2}', ''),
  ('statement', '"x"', '{}', 'type_unknown')
) as cases (type, value, item, wanted);
select * from finish();
rollback;
