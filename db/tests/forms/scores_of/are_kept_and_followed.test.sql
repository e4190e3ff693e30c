-- Test: scores_of - sums, means and maxima, null where too little is answered, and how they went. FRM-09.
begin;
select plan(15);
select tests.clinic('atlas');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.form_template('disability', jsonb_build_array(
  tests.form_item('a', 'scale', '{"min": 0, "max": 4}'), tests.form_item('b', 'scale', '{"min": 0, "max": 4}'),
  tests.form_item('c', 'choice', '{"options": [{"value": "never", "label": {"ro": "N"}, "score": 0}, {"value": "always", "label": {"ro": "A"}, "score": 3.5}],
    "visible_if": {"field": "a", "op": "greater", "value": 0}}')),
  '[{"key": "total", "label": {"ro": "T"}, "method": "sum", "fields": ["a", "b", "c"], "min_answered": 2, "direction": "lower_is_better", "version": 3},
    {"key": "average", "label": {"ro": "M"}, "method": "mean", "fields": ["a", "b", "c"], "min_answered": 1, "direction": "lower_is_better", "version": 1},
    {"key": "worst", "label": {"ro": "W"}, "method": "max", "fields": ["a", "b"], "direction": "higher_is_better", "version": 1}]');
create function pg_temp.scores(answers jsonb) returns jsonb language sql as $$
  select jsonb_object_agg(key, to_jsonb(array[value, answered::numeric, fields::numeric]))
  from app_private.scores_of((select content from app_public.form_template_versions), answers) $$;
select is(pg_temp.scores('{"a": 1, "b": 2, "c": "always"}'), '{"total": [6.5, 3, 3], "average": [2.166667, 3, 3], "worst": [2, 2, 2]}', 'of everything');
select is(pg_temp.scores('{"a": 4}'), '{"total": [null, 1, 3], "average": [4.000000, 1, 3], "worst": [4, 1, 2]}', 'of less: null, never zero');
select is(pg_temp.scores('{"b": 0}'), '{"total": [null, 1, 3], "average": [0.000000, 1, 3], "worst": [0, 1, 2]}', 'zero is an answer');
select is(pg_temp.scores('{}'), '{"total": [null, 0, 3], "average": [null, 0, 3], "worst": [null, 0, 2]}', 'of nothing');

select tests.form('first', 'ana', 'disability');
select tests.form('second', 'ana', 'disability');
select tests.form('third', 'ana', 'disability');
select tests.freeze_time('2027-03-01 08:00+02');
select tests.act_as('ana');
select lives_ok($$select app_public.complete_form(tests.id('first'), '{"a": 3, "b": 2, "c": "always"}')$$, 'a form is completed');
select lives_ok($$select app_public.reopen_form(tests.id('first'), 'Read it wrong')$$, 'opened again');
select lives_ok($$select app_public.complete_form(tests.id('first'), '{"b": 1}')$$, 'and completed once more');
select tests.act_as('the database');
select set_config('tests.now', '2027-03-08 08:00+02', true);
select tests.act_as('stefan');
select lives_ok($$select app_public.complete_form(tests.id('second'), '{"a": 0}')$$, 'another, of which little is answered');
select tests.act_as('the database');
select set_config('tests.now', '2027-03-15 08:00+02', true);
select tests.act_as('ana');
select lives_ok($$select app_public.complete_form(tests.id('third'), '{"a": 0, "b": 1, "c": "always"}')$$, 'a third, in which the hidden answer counts for nothing');
select results_eq($$select form_id, value, answered, version, change from app_public.score_trend(tests.id('ana at atlas'), tests.id('disability'), 'total')$$,
  $$values (tests.id('first'), 7.5, 3, 3, 0.0), (tests.id('second'), null, 1, 3, null), (tests.id('third'), 1, 2, 3, -6.5)$$,
  'the patient sees how it went: the last completion of each form, and nothing where too little was answered');
select tests.act_as('stefan');
select is((select count(*) from app_public.score_trend(tests.id('ana at atlas'), tests.id('disability'), 'total')), 3::bigint, 'and so do staff');
select is((select array_agg(value order by completion) from app_public.form_scores where form_id = tests.id('first') and key = 'total'), '{8.5,7.5}', 'what was scored first stays');
select tests.act_as('bogdan');
select is_empty($$select * from app_public.score_trend(tests.id('ana at atlas'), tests.id('disability'), 'total')$$, 'another patient sees nothing');
select is_empty('select from app_public.form_scores', 'by no way');
select tests.act_as('a visitor');
select throws_ok($$select * from app_public.score_trend(tests.id('ana at atlas'), tests.id('disability'), 'total')$$, '42501', null, 'nor does a visitor');
select * from finish();
rollback;
