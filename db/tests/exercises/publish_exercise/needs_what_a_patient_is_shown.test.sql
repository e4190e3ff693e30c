-- Test: publish_exercise - refused without instructions, reviewed contraindications, both languages and a video of the catalog; what is
-- published stays complete. EXL-02, EXL-06.
begin;
select plan(58);
select tests.person('root', superadmin => true);
create function tests.exercise_named(slug text) returns app_public.exercises language sql stable security definer as $$
  select e from app_public.exercises e where e.slug = exercise_named.slug $$;
create function tests.missing() returns text language sql stable as $$
  select array_to_string(app_public.exercises_missing(tests.exercise_named('bridge')), ' ') $$;

select tests.act_as('root');
select tests.remember('bridge', (app_public.create_exercise('bridge', 'reps_based', 1, '{"ro": {"name": "Podul", "description": "Pe spate."}}')).id);
select is(tests.missing(), 'name_in_both_languages instructions contraindications catalog_render', 'a new one lacks everything');
select * from tests.refuses($$select app_public.publish_exercise(tests.id('bridge'))$$, 'STATE', 'exercise_incomplete', 'and is not published');
select lives_ok($$select app_public.edit_exercise(tests.id('bridge'), 1, '{"ro": {"name": "Podul", "description": "Pe spate."}, "en": {"name": "Bridge", "description": "On the back."}}')$$, 'it has both names');
select lives_ok($$select app_public.set_exercise_instructions(tests.id('bridge'), '[{"kind": "setup", "text": {"ro": "Culcat.", "en": "Lie down."}}, {"kind": "step", "text": {"ro": "Ridicați."}}]')$$, 'instructions');
select lives_ok($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[{"severity": "absolute", "text": {"ro": "Fractură."}}]')$$, 'a contraindication');
select is(tests.missing(), 'instructions_in_both_languages contraindications_in_both_languages review_of_contraindications catalog_render', 'not in both languages');
select * from tests.refuses($$select app_public.publish_exercise(tests.id('bridge'))$$, 'STATE', 'exercise_incomplete', 'which is not enough');
select lives_ok($$select app_public.set_exercise_instructions(tests.id('bridge'), '[{"kind": "setup", "text": {"ro": "Culcat.", "en": "Lie down."}}, {"kind": "step", "text": {"ro": "Ridicați.", "en": "Lift."}}]')$$, 'instructions in both');
select lives_ok($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[{"severity": "absolute", "text": {"ro": "Fractură.", "en": "A fracture."}}]')$$, 'a contraindication in both');
select is(tests.missing(), 'review_of_contraindications catalog_render', 'nobody has reviewed it');
select * from tests.refuses($$select app_public.publish_exercise(tests.id('bridge'))$$, 'STATE', 'exercise_incomplete', 'so it is not published');
select lives_ok($$select app_public.review_contraindications(tests.id('bridge'))$$, 'somebody reviews');
select is(tests.missing(), 'catalog_render', 'there is no video');
select tests.remember('video', (app_public.render_exercise(tests.id('bridge'), 'ro')).id);
select is(tests.missing(), 'catalog_render', 'one that is queued is none');
select * from tests.refuses($$select app_public.publish_exercise(tests.id('bridge'))$$, 'STATE', 'exercise_incomplete', 'so it is still not published');
select tests.act_as('the worker');
select lives_ok($$select app_private.claim_render(tests.id('video'))$$, 'the worker makes it');
select is((app_private.record_render(tests.id('video'), 1, 'local', 'v1', 'k1', 12)).is_new, true, 'and says that it is there');
select tests.act_as('root');
select is(tests.missing(), '', 'nothing is missing');
select is((app_public.publish_exercise(tests.id('bridge'))).status, 'published', 'it is published');
select * from tests.refuses($$select app_public.publish_exercise(tests.id('bridge'))$$, 'STATE', 'illegal_move', 'once');

-- What is published stays complete.
select * from tests.refuses($$select app_public.edit_exercise(tests.id('bridge'), 1, '{"ro": {"name": "Podul", "description": "Pe spate."}}')$$, 'STATE', 'exercise_incomplete', 'no language goes');
select * from tests.refuses($$select app_public.set_exercise_instructions(tests.id('bridge'), '[]')$$, 'STATE', 'exercise_incomplete', 'nor do the instructions');
select * from tests.refuses($$select app_public.set_exercise_instructions(tests.id('bridge'), '[{"kind": "step", "text": {"en": "Lift."}}]')$$, 'STATE', 'exercise_incomplete', 'in either language');
select lives_ok($$select app_public.set_exercise_instructions(tests.id('bridge'), '[{"kind": "step", "text": {"ro": "Ridicați.", "en": "Lift."}}]')$$, 'they may be worded otherwise');
select results_eq($$select position, kind from app_public.exercise_instructions where exercise_id = tests.id('bridge')$$, $$values (1, 'step')$$, 'and are what was said last');
select * from tests.refuses($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[]')$$, 'STATE', 'contraindication_is_published', 'a warning does not go');
select * from tests.refuses($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[{"severity": "caution", "text": {"ro": "Fractură.", "en": "A fracture."}}]')$$, 'STATE', 'contraindication_is_published', 'or become less');
select * from tests.refuses($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[{"severity": "absolute", "text": {"ro": "Fractură.", "en": "A fracture."}}, {"severity": "caution", "text": {"ro": "Durere."}}]')$$, 'STATE', 'exercise_incomplete', 'a new one is in both languages');
select lives_ok($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[{"severity": "absolute", "text": {"ro": "Fractură.", "en": "A fracture."}}, {"severity": "caution", "text": {"ro": "Durere.", "en": "Pain."}}]')$$, 'one more is added');
select results_eq($$select severity, reviewed_at is not null from app_public.exercise_contraindications where exercise_id = tests.id('bridge') order by 1$$, $$values ('absolute', true), ('caution', false)$$, 'shown at once, and to be reviewed');
select is(tests.missing(), 'review_of_contraindications', 'as the exercise says');

-- Taken back, it can be changed, and needs all of it again.
select is((app_public.reopen_exercise(tests.id('bridge'))).status, 'draft', 'it is reopened');
select lives_ok($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[{"severity": "absolute", "text": {"ro": "Fractură.", "en": "A fracture."}}]')$$, 'a draft loses a warning');
select is(tests.missing(), '', 'the other one keeps its review');
select lives_ok($$select app_public.set_exercise_contraindications(tests.id('bridge'), '[{"severity": "absolute", "text": {"ro": "Fractură recentă.", "en": "A recent fracture."}}]')$$, 'or has it worded otherwise');
select is(tests.missing(), 'review_of_contraindications', 'which is to be reviewed anew');
select * from tests.refuses($$select app_public.publish_exercise(tests.id('bridge'))$$, 'STATE', 'exercise_incomplete', 'before it is published again');

-- Archived, and flagged while it is in use.
select is((app_public.archive_exercise(tests.id('bridge'))).status, 'archived', 'it is archived');
select * from tests.refuses($$select app_public.publish_exercise(tests.id('bridge'))$$, 'STATE', 'exercise_incomplete', 'and not published from there');
select is((app_public.reopen_exercise(tests.id('bridge'))).status, 'draft', 'but reopened');
select tests.act_as('the database');
create or replace function app_private.active_plans_with_exercise(exercise_id uuid) returns int language sql stable strict as 'select 3';
select tests.act_as('root');
select * from tests.refuses($$select app_public.archive_exercise(tests.id('bridge'))$$, 'CONFLICT', 'exercise_in_use', 'plans that go on speak against it');
select is((app_public.archive_exercise(tests.id('bridge'), true)).status, 'archived', 'unless one says that one knows');
select tests.act_as('the database');
select results_eq($$select name, payload ->> 'slug', payload ->> 'inActivePlans' from app_private.events where subject_type = 'exercise' and subject_id = tests.id('bridge') order by position$$,
  $$values ('exercise.rendered', 'bridge', null), ('exercise.published', 'bridge', null), ('exercise.archived', 'bridge', '0'), ('exercise.archived', 'bridge', '3')$$, 'all of it is told');
select ok((select bool_and(reviewed_by is null or reviewed_by = tests.id('root')) from app_public.exercise_contraindications where exercise_id = tests.id('bridge')), 'who reviewed is known');
select * from finish();
rollback;
