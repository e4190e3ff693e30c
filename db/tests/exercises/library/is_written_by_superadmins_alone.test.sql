-- Test: the library - superadmins write it, whoever is signed in reads what is published, nobody at a clinic writes. EXL-01, EXL-06.
begin;
select plan(51);
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.person('root', superadmin => true), tests.person('vera');
select tests.remember('squat', tests.published_exercise('squat')), tests.remember('plank', tests.exercise('plank', 'duration_based'));
create function tests.verbs() returns setof text language sql immutable as $verbs$
  select call from (values
  ($$select app_public.create_exercise('lunge', 'reps_based', 2, '{"ro": {"name": "Fandare", "description": "Un pas."}}')$$),
  ($$select app_public.edit_exercise(tests.id('squat'), 2, '{"ro": {"name": "Fandare", "description": "Un pas."}}')$$),
  ($$select app_public.set_exercise_instructions(tests.id('squat'), '[]')$$),
  ($$select app_public.set_exercise_contraindications(tests.id('squat'), '[]')$$),
  ($$select app_public.review_contraindications(tests.id('squat'))$$),
  ($$select app_public.publish_exercise(tests.id('plank'))$$),
  ($$select app_public.archive_exercise(tests.id('squat'), true)$$),
  ($$select app_public.reopen_exercise(tests.id('squat'))$$),
  ($$select app_public.bump_exercise_asset_version(tests.id('squat'))$$),
  ($$select app_public.render_exercise(tests.id('squat'), 'ro')$$),
  ($$select app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/plank/ro.mp4')$$)
  ) as verb (call);
$verbs$;

create function tests.readable() returns text language sql stable as $$
  select concat_ws(' ', (select string_agg(slug, '+' order by slug) from app_public.exercises),
    (select count(*) from app_public.exercise_instructions), (select count(*) from app_public.exercise_contraindications),
    (select count(*) from app_public.exercise_tags), (select count(*) from app_public.exercise_renders));
$$;

-- An owner may most of all who are of a clinic.
select tests.act_as('olga');
select said.* from tests.verbs() as call, tests.refuses(call, 'FORBIDDEN', 'superadmin_only', 'an owner: ' || left(call, 60)) as said;
select throws_ok($$insert into app_public.exercises (slug, kind, difficulty, translations) values ('mine', 'reps_based', 1, '{}')$$, '42501', null, 'nor writes a row');
select throws_ok($$update app_public.exercises set difficulty = 5$$, '42501', null, 'or changes one');
select throws_ok($$delete from app_public.exercise_contraindications$$, '42501', null, 'or takes out a warning');
select throws_ok($$update app_public.exercise_instructions set text = '{}'$$, '42501', null, 'or an instruction');
select throws_ok($$insert into app_public.exercise_tags select exercise_id, term_id from app_public.exercise_tags$$, '42501', null, 'or a tag');
select throws_ok($$update app_public.exercise_renders set video_id = 'mine'$$, '42501', null, 'or a video');

select is(tests.readable(), 'squat 1 1 1 2', 'she reads what is published, and as staff the videos');
select tests.act_as('stefan');
select is(tests.readable(), 'squat 1 1 1 2', 'as every colleague does');
select tests.act_as('ana');
select is(tests.readable(), 'squat 1 1 1 0', 'a patient reads it without the videos: those are for the catalog to show');
select tests.act_as('vera');
select is(tests.readable(), 'squat 1 1 1 0', 'and so does whoever is signed in');
select tests.act_as('root');
select is(tests.readable(), 'plank+squat 2 2 2 2', 'a superadmin reads drafts as well');
select tests.act_as('a visitor');
select throws_ok('select * from app_public.exercises', '42501', null, 'a visitor reads nothing');
select throws_ok($$select app_public.publish_exercise(uuidv7())$$, '42501', null, 'and may nothing');

-- What the platform does with it.
select tests.act_as('root');
select is((app_public.create_exercise('lunge', 'reps_based', 2, '{"ro": {"name": " Fandare ", "description": "Un pas."}}', terms => '{knee,strength}')).status, 'draft', 'a superadmin begins a draft');
select tests.remember('lunge', id) from app_public.exercises where slug = 'lunge';
select is((select translations from app_public.exercises where slug = 'lunge'), '{"ro": {"name": "Fandare", "description": "Un pas."}}', 'texts are trimmed');
select results_eq($$select t.slug from app_public.exercise_tags x join app_public.exercise_terms t on t.id = x.term_id where x.exercise_id = tests.id('lunge') order by 1$$, $$values ('knee'), ('strength')$$, 'it has its terms');
select * from tests.refuses($$select app_public.create_exercise('lunge', 'reps_based', 2, '{"ro": {"name": "Fandare", "description": "Un pas."}}')$$, 'CONFLICT', 'exercise_slug_taken', 'its short name is its own');
select * from tests.breaks($$select app_public.create_exercise('Lunge', 'reps_based', 2, '{"ro": {"name": "Fandare", "description": "Un pas."}}')$$, 'exercises_slug_is_a_slug', 'and a short name');
select is((app_public.edit_exercise(tests.id('lunge'), 4, '{"en": {"name": "Lunge", "description": "A step."}}', '{"joints": ["knee"], "view": "side", "primary": "knee", "minRange": 40}', '{hip}', 'local')).difficulty, 4, 'it is edited as a whole');
select results_eq($$select t.slug from app_public.exercise_tags x join app_public.exercise_terms t on t.id = x.term_id where x.exercise_id = tests.id('lunge')$$, $$values ('hip')$$, 'terms too');
select is((app_public.edit_exercise(tests.id('lunge'), 4, '{"en": {"name": "Lunge", "description": "A step."}}', terms => null)).tracking, null, 'what is not given goes');
select is_empty($$select 1 from app_public.exercise_tags where exercise_id = tests.id('lunge')$$, 'terms too');
select * from tests.refuses($$select app_public.edit_exercise(uuidv7(), 4, '{"en": {"name": "Lunge", "description": "A step."}}')$$, 'NOT_FOUND', 'not_found', 'what is not there is not found');
select * from tests.refuses($$select app_public.edit_exercise(tests.id('lunge'), 4, '{"en": {"name": "Lunge", "description": "A step."}}', terms => '{wings}')$$, 'VALIDATION', 'exercise_term_unknown', 'nor is a term');
select tests.act_as('the database');
select is((select count(*) from audit.entries where table_name = 'app_public.exercises' and row_key = tests.id('lunge')::text and actor_id = tests.id('root')), 3::bigint, 'who did it is on record');
select * from finish();
rollback;
