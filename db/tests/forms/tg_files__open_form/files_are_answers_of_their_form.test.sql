-- Test: files of a form - they answer its fields and no other form's, come and go while it is open, and stay as they were signed. FRM-06, FRM-04.
begin;
select plan(16);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.form_template('intake', jsonb_build_array(tests.form_item('scan', 'file', '{"max_files": 2, "required": true}'),
  tests.form_item('finds', 'group', jsonb_build_object('repeat', '{}'::jsonb, 'items', jsonb_build_array(tests.form_item('photo', 'file'))))));
select tests.form('form', 'ana', 'intake');
select tests.form('other form', 'ana', 'intake');
select tests.act_as('ana');
select is((app_public.request_upload('forms', tests.id('form'), 'x.png', 'image/png', 10, repeat('a', 64))).status, 'pending', 'the patient announces a file');
select * from tests.refuses($$select app_public.request_upload('forms', tests.id('form'), 'x.svg', 'image/svg+xml', 10, repeat('a', 64))$$, 'VALIDATION', 'content_type_not_taken', 'of a type that is taken');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_public.request_upload('forms', tests.id('form'), 'x.png', 'image/png', 10, repeat('a', 64))$$, 'NOT_FOUND', 'not_found', 'somebody else does not');
select tests.act_as('the database');
select tests.file('scan', 'forms', tests.id('form'), 'ana');
select tests.file('photo', 'forms', tests.id('form'), 'ana');
select tests.file('elsewhere', 'forms', tests.id('other form'), 'ana');
select tests.file('unchecked', 'forms', tests.id('form'), 'ana', 'pending');

create function pg_temp.refused(answers jsonb) returns jsonb language plpgsql as $$
declare v_detail text;
begin
  perform app_public.save_form_answers(tests.id('form'), refused.answers);
  return '"taken"';
exception when sqlstate 'RX400' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb -> 'fields';
end $$;
select tests.act_as('ana');
select is(pg_temp.refused(jsonb_build_object('scan', jsonb_build_array(tests.id('elsewhere')))), '[{"path": "scan", "reason": "not_a_file", "details": {}}]', 'a file of another form');
select is(pg_temp.refused(jsonb_build_object('scan', jsonb_build_array(tests.id('unchecked')))), '[{"path": "scan", "reason": "not_a_file", "details": {}}]', 'one whose bytes nobody checked');
select is(pg_temp.refused(jsonb_build_object('finds', jsonb_build_array('{}'::jsonb, jsonb_build_object('photo', jsonb_build_array(gen_random_uuid()))))),
  '[{"path": "finds[1].photo", "reason": "not_a_file", "details": {}}]', 'one that is not there, in an entry');
select is(pg_temp.refused(jsonb_build_object('scan', jsonb_build_array(tests.id('scan')), 'finds', jsonb_build_array(jsonb_build_object('photo', jsonb_build_array(tests.id('photo')))))), '"taken"', 'its own are taken');
select is((select count(*) from app_public.files where form_id = tests.id('form') and status = 'confirmed'), 2::bigint, 'and readable where the form is');
select is((app_public.complete_form(tests.id('form'))).status, 'completed', 'the form is completed');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.delete_file(tests.id('scan'))$$, 'IMMUTABLE', 'form_is_completed', 'no file leaves it');
select * from tests.refuses($$select app_public.request_upload('forms', tests.id('form'), 'x.png', 'image/png', 10, repeat('a', 64))$$, 'IMMUTABLE', 'form_is_completed', 'none comes');
select tests.act_as('the database');
select lives_ok($$update app_public.files set status = 'rejected', rejection = 'expired', expires_at = null where id = tests.id('unchecked')$$, 'an upload that nobody finished may end');
select * from finish();
rollback;
