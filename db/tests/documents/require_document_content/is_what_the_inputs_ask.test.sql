-- Test: require_document_content - what is written into a document is of the types that its template asks for; each place that is not is told. DOC-04.
begin;
select plan(26);
create function pg_temp.problems(content jsonb, complete boolean default false) returns text language plpgsql as $$
declare v_detail text;
begin
  perform app_private.require_document_content('{"blocks": [], "inputs": [
    {"key": "note", "label": "Notă", "type": "text"}, {"key": "findings", "label": "Constatări", "type": "long_text", "required": true}, {"key": "count", "label": "Număr", "type": "number"},
    {"key": "day", "label": "Ziua", "type": "date"}, {"key": "side", "label": "Partea", "type": "choice", "options": ["stânga", "3"]},
    {"key": "drugs", "label": "Rețeta", "type": "rows", "required": true, "columns": [{"key": "drug", "label": "Medicament", "type": "text"}, {"key": "days", "label": "Zile", "type": "number"}]}]}', content, complete);
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return sqlerrm || ': ' || (select string_agg(concat_ws(' ', f ->> 'path', f ->> 'reason', f #>> '{details,bound}'), ', ' order by f ->> 'path') from jsonb_array_elements(v_detail::jsonb -> 'fields') f);
end;
$$;

select is(pg_temp.problems('{"note": "a", "findings": "b", "count": 1.5, "day": "2027-02-28", "side": "stânga", "drugs": [{"drug": "x", "days": 3}, {}]}'), null, 'each of its type');
select is(pg_temp.problems('{"note": null, "findings": null, "count": null, "day": null, "side": null, "drugs": null}'), null, 'nothing is of every type');
select is(pg_temp.problems('{"drugs": [{"drug": null, "days": null}]}'), null, 'also within a row');
select is(pg_temp.problems('{"cnp": "1"}'), 'answers_not_valid: cnp property_unknown', 'what was not asked');
select is(pg_temp.problems('[]'), 'answers_not_valid: $ not_an_object', 'what is no content at all');
select is(pg_temp.problems('{"note": 3, "findings": ["a"]}'), 'answers_not_valid: findings not_a_text, note not_a_text', 'texts are texts');
select is(pg_temp.problems(jsonb_build_object('note', repeat('a', 1000), 'findings', repeat('a', 20000))), null, 'of a thousand characters, or twenty thousand where it is a long one');
select is(pg_temp.problems(jsonb_build_object('note', repeat('a', 1001))), 'answers_not_valid: note too_long 1000', 'and not one more');
select is(pg_temp.problems(jsonb_build_object('findings', repeat('a', 20001))), 'answers_not_valid: findings too_long 20000', 'in either');
select is(pg_temp.problems('{"count": "1"}'), 'answers_not_valid: count not_a_number', 'numbers are numbers');
select is(pg_temp.problems('{"day": "2027-02-29"}'), 'answers_not_valid: day not_a_date', 'days are in the calendar');
select is(pg_temp.problems('{"day": "28.02.2027"}'), 'answers_not_valid: day not_a_date', 'and written as one writes them to a program');
select is(pg_temp.problems('{"day": "tomorrow"}'), 'answers_not_valid: day not_a_date', 'not in words');
select is(pg_temp.problems('{"day": 20270228}'), 'answers_not_valid: day not_a_date', 'nor as a number');
select is(pg_temp.problems('{"side": "sus"}'), 'answers_not_valid: side word_unknown', 'a choice is one of those offered');
select is(pg_temp.problems('{"side": "3"}'), null, 'as it is offered');
select is(pg_temp.problems('{"side": 3}'), 'answers_not_valid: side word_unknown', 'in a text');
select is(pg_temp.problems('{"drugs": {"drug": "x"}}'), 'answers_not_valid: drugs not_a_list', 'rows are a list');
select is(pg_temp.problems('{"drugs": ["x", {"drug": "y"}, 3]}'), 'answers_not_valid: drugs[0] not_an_object, drugs[2] not_an_object', 'of rows');
select is(pg_temp.problems('{"drugs": [{"drug": "x"}, {"drug": 3, "days": "x", "dose": 1}]}'), 'answers_not_valid: drugs[1].days not_a_number, drugs[1].dose property_unknown, drugs[1].drug not_a_text', 'each cell of its column''s type, and no others');
select is(pg_temp.problems(jsonb_build_object('drugs', (select jsonb_agg('{}'::jsonb) from generate_series(1, 500)))), null, 'five hundred rows at most');
select is(pg_temp.problems(jsonb_build_object('drugs', (select jsonb_agg('{}'::jsonb) from generate_series(1, 501)))), 'answers_not_valid: drugs too_many 500', 'and not one more');
select is(pg_temp.problems('{}', true), 'answers_not_valid: drugs required, findings required', 'what is to be issued holds all that is required');
select is(pg_temp.problems('{"findings": " ", "drugs": []}', true), 'answers_not_valid: drugs required, findings required', 'and not by a blank or an empty list');
select is(pg_temp.problems('{"findings": null, "drugs": null}', true), 'answers_not_valid: drugs required, findings required', 'nor by nothing');
select is(pg_temp.problems('{"findings": "b", "drugs": [{"drug": "x"}]}', true), null, 'then it may be issued');
select * from finish();
rollback;
