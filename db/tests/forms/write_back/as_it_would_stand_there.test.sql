-- Test: as_written, file_problems, answer_form, complete, file_owner_form, form_field_types - an answer is compared as it would stand there; files are those of the form; each form is answered for itself, and not once it is complete. FRM-04, FRM-05, FRM-06.
begin;
select plan(28);
select tests.clinic('boreal');
update app_public.organizations set country = 'DE' where id = tests.id('boreal');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient('ana'), tests.patient('vlad');
select is(app_private.as_written(tests.id('atlas'), t, f, v::jsonb), w::jsonb, concat_ws(' ', t, f, v)) from (values
  ('profile', 'phone', '"0722 123 456"', '"+40722123456"'), ('profile', 'phone', '"12"', '"12"'), ('profile', 'given_name', '" 0722 123 456 "', '"0722 123 456"'),
  ('custom_field', 'phone', '" 0722 123 456"', '"0722 123 456"'), ('custom_field', 'n', '5', '5'), ('custom_field', 'l', '[" a"]', '[" a"]'), ('custom_field', 'b', 'true', 'true')) as w (t, f, v, w);
select tests.form_template('files', jsonb_build_array(tests.form_item('scan', 'file', '{"max_files": 5}'), tests.form_item('note', 'text'),
  tests.form_item('r', 'group', jsonb_build_object('repeat', '{}'::jsonb, 'items', jsonb_build_array(tests.form_item('inner', 'file'),
    tests.form_item('q', 'group', jsonb_build_object('repeat', '{}'::jsonb, 'items', jsonb_build_array(tests.form_item('deep', 'file')))))))));
select tests.form('form', 'ana', 'files'), tests.form('other', 'ana', 'files');
select tests.file('own', 'forms', tests.id('form'), 'ana'), tests.file('others', 'forms', tests.id('other'), 'ana'), tests.file('pending', 'forms', tests.id('form'), 'ana', 'pending'), tests.file('gone', 'forms', tests.id('form'), 'ana');
update app_public.files set status = 'deleted', deleted_at = app_hidden.now() where id = tests.id('gone');
create function pg_temp.problems(given text, variadic names text[]) returns text language sql as $$
  select coalesce(string_agg(p.path || ' ' || p.reason, ', ' order by p.path), '') from app_public.forms f
  cross join lateral app_private.file_problems(f, format(given, variadic (select array_agg(tests.id(n)::text order by o) from unnest(names) with ordinality as u (n, o)))::jsonb) p where f.id = tests.id('form') $$;
select is(pg_temp.problems(a, variadic n), w, a) from (values
  ('{"scan": ["%s"]}', '{own}'::text[], ''), ('{"scan": ["%s", "%s"]}', '{own,others}', 'scan not_a_file'), ('{"scan": ["%s"]}', '{pending}', 'scan not_a_file'), ('{"scan": ["%s"]}', '{gone}', 'scan not_a_file'),
  ('{"scan": "%s"}', '{others}', ''), ('{"r": "%s"}', '{others}', ''), ('{"r": ["%s"]}', '{others}', ''), ('{"note": ["%s"]}', '{others}', ''),
  ('{"r": [{"inner": ["%s"]}, {"inner": ["%s"]}]}', '{own,others}', 'r[1].inner not_a_file'), ('{"r": [{"q": [{}, {"deep": ["%s"]}]}]}', '{others}', 'r[0].q[1].deep not_a_file')) as w (a, n, w);
select is(app_private.form_field_types(snapshot), '{"scan": "file", "note": "text", "r": "repeated_group", "inner": "file", "q": "repeated_group", "deep": "file"}', 'a group that repeats is another type') from app_public.forms where id = tests.id('form');
select is(app_private.form_field_types('{"items": [{"key": "g", "type": "group", "items": []}]}'), '{"g": "group"}', 'than one that does not');

select tests.act_as('ana');
select app_public.save_form_answers(tests.id(f), '{"note": "a"}') from unnest('{form,other}'::text[]) f;
select is((app_public.save_form_answers(tests.id('form'), '{"note": "b"}')).answers, '{"note": "b"}', 'one is answered again');
select is((select answers from app_public.forms where id = tests.id('other')), '{"note": "a"}', 'and the other stays');
select is((app_public.complete_form(tests.id('form'))).status, 'completed', 'one is complete');
select is((select status from app_public.forms where id = tests.id('other')), 'in_progress', 'the other is not');
select tests.act_as('the database');
select * from tests.refuses($$select app_private.answer_form(f, '{}') from app_public.forms f where f.id = tests.id('form')$$, 'IMMUTABLE', 'form_is_completed', 'what is complete is not answered');
select * from tests.refuses($$select app_private.complete(f) from app_public.forms f where f.id = tests.id('form')$$, 'IMMUTABLE', 'form_is_completed', 'nor completed again');
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('other');
select is((app_private.file_owner_form(tests.id('form'))).is_deleted::text || (app_private.file_owner_form(tests.id('other'))).is_deleted, 'falsetrue', 'files have their own form for owner');
select * from finish();
rollback;
