-- Test: form_sections, answer_in_words - a signed form is printed as it was shown: sections in order, answers in the words of its language, what was hidden left out. DOC-05.
begin;
select plan(21);
select tests.clinic('boreal'), tests.staff('beata', 'admin'), tests.patient('bianca'), tests.form_template('plain', '[{"key": "a", "type": "text", "label": {"ro": "A"}}]'), tests.form('their form', 'bianca', 'plain');
select tests.file('their.pdf', 'forms', tests.id('their form'), 'bianca');
select tests.clinic('atlas'), tests.patient('ana'), tests.form_template('plain', '[{"key": "a", "type": "text", "label": {"ro": "A"}}]'), tests.form('form', 'ana', 'plain');
select tests.file(name, 'forms', tests.id('form'), 'ana') from unnest('{first.pdf,second.pdf,other.pdf}'::text[]) as name;
create function pg_temp.prints(items jsonb, answers jsonb, locale text default 'ro') returns jsonb language sql as $$ select app_private.form_sections(tests.id('atlas'), items, answers, '{}', locale, null) $$;
-- Sections as "title: label=value".
create function pg_temp.said(sections jsonb) returns text[] language sql as $$
  select coalesce(array_agg(coalesce(s.value ->> 'title', '-') || ': ' || (select string_agg((a.value ->> 'label') || '=' || coalesce(a.value ->> 'value', '?'), ', ' order by a.n) from jsonb_array_elements(s.value -> 'answers') with ordinality as a (value, n)) order by s.n), '{}')
  from jsonb_array_elements(sections) with ordinality as s (value, n) $$;
create function pg_temp.word(type text, answer jsonb, locale text default 'ro') returns text language sql as $$
  select app_private.answer_in_words(tests.id('atlas'), jsonb_build_object('type', type, 'options', '[{"value": "no", "label": {"ro": "Fără", "en": "None"}}, {"value": "some", "label": {"ro": "Puțină", "en": "Some"}}]'::jsonb), answer, locale) $$;

select is(pg_temp.said(pg_temp.prints('[]', '{}')), '{}'::text[], 'of nothing asked nothing is printed');
select is(pg_temp.said(pg_temp.prints('[{"key": "a", "type": "text", "label": {"ro": "A", "en": "An A"}}, {"key": "b", "type": "text", "label": {"ro": "B"}}]', '{"a": "unu"}')), '{"-: A=unu, B=?"}'::text[], 'questions outside of groups are a section without a title, answered or not');
select is(pg_temp.said(pg_temp.prints('[{"key": "a", "type": "text", "label": {"ro": "A", "en": "An A"}}]', '{"a": "one"}', 'en')), '{"-: An A=one"}'::text[], 'in the language in which it was signed');
select is(pg_temp.prints('[{"type": "statement", "label": {"ro": "De știut"}, "text": {"ro": "Citiți."}}]', '{}') #> '{0,answers,0}', '{"kind": "text", "label": "De știut", "value": "Citiți."}', 'what was only said is printed as a text');
select is(pg_temp.said(pg_temp.prints('[{"key": "a", "type": "text", "label": {"ro": "A"}}, {"key": "g", "type": "group", "label": {"ro": "Grup"}, "items": [{"key": "b", "type": "text", "label": {"ro": "B"}}]}, {"key": "c", "type": "text", "label": {"ro": "C"}}]',
  '{"a": "1", "b": "2", "c": "3"}')), '{"-: A=1","Grup: B=2","-: C=3"}'::text[], 'a group is a section of its own, between what stands before and behind');
select is(pg_temp.said(pg_temp.prints('[{"key": "g", "type": "group", "label": {"ro": "Grup"}, "items": [{"key": "b", "type": "text", "label": {"ro": "B"}}]}, {"key": "h", "type": "group", "label": {"ro": "Gol"}, "items": []}]', '{"b": "2"}')), '{"Grup: B=2"}'::text[],
  'and no section is empty');
select is(pg_temp.said(pg_temp.prints('[{"key": "g", "type": "group", "label": {"ro": "Copil"}, "repeat": {"max": 3}, "items": [{"key": "n", "type": "text", "label": {"ro": "Nume"}}]}]', '{"g": [{"n": "Ion"}, {"n": "Ema"}]}')), '{"Copil (1): Nume=Ion","Copil (2): Nume=Ema"}'::text[],
  'each entry of a group that repeats is a section');
select is(pg_temp.said(pg_temp.prints('[{"key": "g", "type": "group", "label": {"ro": "Copil"}, "repeat": {"max": 3}, "items": [{"key": "n", "type": "text", "label": {"ro": "Nume"}}]}]', '{}')), '{}'::text[], 'of which there may be none');
select is(pg_temp.said(pg_temp.prints('[{"key": "a", "type": "boolean", "label": {"ro": "A"}}, {"key": "b", "type": "text", "label": {"ro": "B"}, "visible_if": {"field": "a", "op": "equals", "value": true}}]', '{"a": false, "b": "ascuns"}')), '{"-: A=Nu"}'::text[],
  'what a condition hid is not printed');
select is(pg_temp.said(pg_temp.prints('[{"key": "a", "type": "boolean", "label": {"ro": "A"}}, {"key": "b", "type": "text", "label": {"ro": "B"}, "visible_if": {"field": "a", "op": "equals", "value": true}}]', '{"a": true, "b": "arătat"}')), '{"-: A=Da, B=arătat"}'::text[],
  'and what it showed is');

select is(array[pg_temp.word('boolean', 'true'), pg_temp.word('boolean', 'false'), pg_temp.word('boolean', 'true', 'en'), pg_temp.word('boolean', 'false', 'en')], '{Da,Nu,Yes,No}'::text[], 'yes and no');
select is(array[pg_temp.word('date', '"2027-02-28"'), pg_temp.word('date', '"2027-02-28"', 'en')], '{28.02.2027,28/02/2027}'::text[], 'days');
select is(array[pg_temp.word('number', '1.5'), pg_temp.word('number', '1.5', 'en')], '{"1,5",1.5}'::text[], 'numbers');
select is(array[pg_temp.word('choice', '"some"'), pg_temp.word('choice', '"some"', 'en'), pg_temp.word('choice', '"gone"')], '{Puțină,Some,gone}'::text[], 'what was chosen, by its label where it has one');
select is(pg_temp.word('choices', '["some", "no"]'), 'Puțină, Fără', 'several of them, in the order in which they were chosen');
select is(pg_temp.word('text', '"Bine"'), 'Bine', 'and texts as they are');
select is(pg_temp.word('file', to_jsonb(tests.id('first.pdf'))), (select filename from app_public.files where id = tests.id('first.pdf')), 'a file by its name');
select is(pg_temp.word('file', jsonb_build_array(tests.id('first.pdf'), tests.id('second.pdf'))), (select string_agg(filename, ', ' order by id) from app_public.files where id in (tests.id('first.pdf'), tests.id('second.pdf'))), 'or several, and no others');
select is(pg_temp.word('file', to_jsonb(tests.id('their.pdf'))), null, 'one of another clinic is not there');
select is((select array_agg(pg_temp.word(type, 'null')) from unnest('{boolean,date,number,choice,choices,file,text}'::text[]) as type), array_fill(null::text, array[7]), 'nothing answered is nothing in words');
select is((select array_agg(pg_temp.word(type, null)) from unnest('{boolean,date,number,choice,choices,file,text}'::text[]) as type), array_fill(null::text, array[7]), 'of whatever type');
select * from finish();
rollback;
