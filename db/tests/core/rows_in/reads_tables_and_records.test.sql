-- Test: rows_in - reads aligned tables and records as they stand, and refuses what is neither. FND-05.
begin;
select plan(20);
create function pg_temp.rows_of(notation text) returns setof jsonb language sql as
$$ select jsonb_array_elements(app_private.rows_in(notation)) $$;

select results_eq($$select * from pg_temp.rows_of('
    from | to
    -----+-------
         | new
    new  | a|b||c
    new  |
')$$, $$values ('{"from": "", "to": "new"}'::jsonb), ('{"from": "new", "to": "a|b||c"}'), ('{"from": "new", "to": ""}')$$,
  'a table: nothing between bars is empty, a bar without spaces belongs to the cell');
select results_eq($$select * from pg_temp.rows_of(E'a | b | c\n--+---+---\n|  |\nx |  | z \n\n  y|z | 2 | 3')$$,
  $$values ('{"a": "", "b": "", "c": ""}'::jsonb), ('{"a": "x", "b": "", "c": "z"}'), ('{"a": "y|z", "b": "2", "c": "3"}')$$,
  'bars at the ends of a line and empty lines');
select results_eq($$select * from pg_temp.rows_of(E'\nname\n----\nUTC\nEurope/Bucharest\n')$$,
  $$values ('{"name": "UTC"}'::jsonb), ('{"name": "Europe/Bucharest"}')$$, 'a table of one column');
select is_empty($$select * from pg_temp.rows_of(E'name | x\n-----+--\n')$$, 'a table without rows');
select is_empty($$select * from pg_temp.rows_of(' ')$$, 'nothing at all');
select is_empty($$select * from pg_temp.rows_of(null)$$, 'null');
select throws_ok($$select app_private.rows_in(E'a | b\n--+--\n1 | 2 | 3')$$, 'P0001', 'There are 2 columns and 3 cells: 1 | 2 | 3',
  'a cell too many');
select throws_ok($$select app_private.rows_in(E'a | b\n--+--\n1')$$, 'P0001', 'There are 2 columns and 1 cells: 1', 'a cell too few');
select throws_ok($$select app_private.rows_in(E'a | a\n--+--\n1 | 2')$$, 'P0001', 'A column stands twice: a | a', 'a column twice');

select results_eq($$select * from pg_temp.rows_of('
key: first
title:   A title: with a colon
fields: [
  {"a": 1},
    {"b": 2}]

===
key: second
body:
Hello,

  indented: here
key: is text

==========
key: third
body:
last line
')$$, $$values
  ('{"key": "first", "title": "A title: with a colon", "fields": "[\n{\"a\": 1},\n{\"b\": 2}]"}'::jsonb),
  ('{"key": "second", "body": "Hello,\n\n  indented: here\nkey: is text\n"}'),
  ('{"key": "third", "body": "last line"}')$$,
  'records: values of one line, continued ones, and texts to the end of the record');
select results_eq($$select * from pg_temp.rows_of(E'body:\n\n  x')$$, $$values ('{"body": "\n  x"}'::jsonb)$$,
  'an empty first line belongs to the text');
select results_eq($$select * from pg_temp.rows_of(E'a: 1\nbody:\n')$$, $$values ('{"a": "1", "body": null}'::jsonb)$$,
  'no text is none');
select results_eq($$select * from pg_temp.rows_of(E'===\na: 1\n===\n===\na: 2\n===')$$, $$values ('{"a": "1"}'::jsonb), ('{"a": "2"}')$$,
  'lines between nothing separate nothing');
select throws_ok($$select app_private.rows_in(E'a: 1\na: 2')$$, 'P0001', 'A column stands twice in one record: a: 2',
  'a column twice in a record');
select throws_ok($$select app_private.rows_in(E'a: 1\nloose words')$$, 'P0001',
  'Neither "name: value" nor the continuation of one: loose words', 'words that belong to no column');
select throws_ok($$select app_private.rows_in('  indented')$$, 'P0001',
  'Neither "name: value" nor the continuation of one:   indented', 'nothing to continue');
select throws_ok($$select app_private.rows_in(E'a: 1\n===\n  indented')$$, 'P0001',
  'Neither "name: value" nor the continuation of one:   indented', 'a record does not continue the one above');
select throws_ok($$select app_private.rows_in(E'a: 1\n==')$$, 'P0001', 'Neither "name: value" nor the continuation of one: ==',
  'two signs are no line between records');
select results_eq($$select * from pg_temp.rows_of(E'a: 1\nb: 2\n   ')$$, $$values ('{"a": "1", "b": "2"}'::jsonb)$$,
  'the line of the closing sign is none');
select results_eq($$select * from pg_temp.rows_of(E'   \na: 1')$$, $$values ('{"a": "1"}'::jsonb)$$,
  'nor is the one of the opening sign');
select * from finish();
rollback;
