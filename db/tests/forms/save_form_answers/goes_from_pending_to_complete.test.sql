-- Test: save_form_answers - who fills a form in, how it moves, and what is told of it. FRM-04, FRM-07, FND-04.
begin;
select plan(32);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('bea', 'billing');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.patient('carmen', account => false, birth_date => '2020-05-01');
select tests.caregiver('corina', 'carmen');
select tests.form_template('intake', jsonb_build_array(
  tests.form_item('pain', 'scale', '{"min": 0, "max": 10, "required": true}'),
  tests.form_item('where', 'text', '{"visible_if": {"field": "pain", "op": "greater", "value": 0}, "required": true, "max_length": 20}'),
  tests.form_item('note', 'long_text')));
select tests.clinic('boreal');
select tests.staff('otto', 'admin');

select tests.act_as('flavia');
select is((app_public.create_form(tests.id('ana at atlas'), tests.id('intake'))).status, 'pending', 'front desk gives a patient a form');
select is((select snapshot from app_public.forms), (select content from app_public.form_template_versions), 'with what was asked when it was made');
select is((select locale from app_public.forms), 'ro', 'in the language of the patient');
select tests.act_as('the database');
select tests.remember('form', id) from app_public.forms;
select is(tests.events_of(tests.id('form')), '{form.created}', 'which is told');

select tests.act_as('bogdan');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('form'), '{"pain": 1}')$$, 'NOT_FOUND', 'form_not_found', 'another patient');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('form'), '{"pain": 1}')$$, 'NOT_FOUND', 'form_not_found', 'another clinic');
select tests.act_as('bea');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('form'), '{"pain": 1}')$$, 'NOT_FOUND', 'form_not_found', 'who may not see forms');
select tests.act_as('a visitor');
select throws_ok($$select app_public.save_form_answers(tests.id('form'), '{"pain": 1}')$$, '42501', null, 'a visitor');

select tests.act_as('ana');
select is((app_public.save_form_answers(tests.id('form'), '{"pain": 3, "where": "knee"}')).status, 'in_progress', 'the patient answers a part');
select is((app_public.save_form_answers(tests.id('form'), '{"note": "<script>alert(1)</script>", "where": null}')).answers,
  '{"pain": 3, "note": "<script>alert(1)</script>"}', 'another part stands beside it, null takes one away, and markup is text');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('form'), '{"pain": 11, "zz": 1}')$$, 'VALIDATION', 'answers_not_valid', 'what is wrong');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('form'), '[]')$$, 'VALIDATION', 'answers_not_valid', 'what are no answers');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('form'), jsonb_build_object('note', repeat('x', 200000)))$$,
  'VALIDATION', 'answers_not_valid', 'too much of it');
select * from tests.refuses($$select app_public.complete_form(tests.id('form'))$$, 'VALIDATION', 'answers_not_valid', 'a required answer is missing');
select is((app_public.complete_form(tests.id('form'), '{"pain": 0, "where": "back"}')).answers,
  '{"pain": 0, "note": "<script>alert(1)</script>"}', 'completed: what is hidden by then is dropped');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('form'), '{"pain": 1}')$$, 'IMMUTABLE', 'form_is_completed', 'what is complete is opened first');
select * from tests.refuses($$select app_public.reopen_form(tests.id('form'), ' ')$$, 'VALIDATION', 'reason_missing', 'with a reason');
select is((app_public.reopen_form(tests.id('form'), 'Wrong side')).status, 'in_progress', 'and is open again');
select is((app_public.complete_form(tests.id('form'), '{"pain": 4, "where": "back"}')).completions, 2, 'and complete again');
select tests.act_as('the database');
select is(tests.events_of(tests.id('form')), '{form.created,form.completed,form.reopened,form.completed}', 'each of which is told');
select tests.act_as('flavia');
select results_eq($$select from_status, to_status, reason from app_public.form_moves order by moved_at, id$$,
  $$values (null, 'pending', null), ('pending', 'in_progress', null), ('in_progress', 'completed', null),
           ('completed', 'in_progress', 'Wrong side'), ('in_progress', 'completed', null::text)$$, 'and stands in its history, with the reason');

select tests.act_as('the database');
select tests.form('form of carmen', 'carmen', 'intake', 'atlas');
select tests.act_as('corina');
select is((app_public.complete_form(tests.id('form of carmen'), '{"pain": 0}')).status, 'completed', 'a caregiver fills in the form of a child');
select results_eq('select id from app_public.forms', $$values (tests.id('form of carmen'))$$, 'and sees it alone');
select * from finish();
rollback;
