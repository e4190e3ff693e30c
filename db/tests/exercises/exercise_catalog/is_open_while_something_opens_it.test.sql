-- Test: exercise_catalog - published exercises in the patient's language with their videos, never without contraindications, while the
-- library is open to them; closed at the next statement. EXL-04, EXL-02, CAT-08.
begin;
select plan(51);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('ela', account => false);
select tests.caregiver('corina', 'ela');
select tests.person('vera');
select tests.remember('squat', tests.published_exercise('squat')), tests.remember('plank', tests.published_exercise('plank', 'duration_based'));
select tests.remember('draft', tests.exercise('draft')), tests.remember('old', tests.published_exercise('old'));
update app_public.exercises set status = 'archived' where slug = 'old';
create function tests.catalog(patient text default 'ana', terms text[] default '{}') returns text language sql stable as $$
  select string_agg(shown.name, ', ' order by shown.name) from app_public.exercise_catalog(tests.id(patient || ' at atlas'), terms) as shown $$;

select tests.act_as('ana');
select * from tests.refuses('select tests.catalog()', 'FORBIDDEN', 'library_closed', 'without anything it is closed');
select * from tests.refuses('select * from app_public.exercise_catalog()', 'FORBIDDEN', 'library_closed', 'also to whoever names nobody');
select tests.act_as('flavia');
select tests.remember('by hand', (app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'Because', '2027-03-02 00:00+02')).id);
select * from tests.refuses('select tests.catalog()', 'NOT_FOUND', 'not_found', 'it is shown to patients');
select tests.act_as('ana');
select is(tests.catalog(), 'Exercițiul plank, Exercițiul squat', 'opened, it shows what is published, and nothing else');
select results_eq($$select slug, kind, difficulty, language, description, video_provider, video_id, video_language, video_duration_s from app_public.exercise_catalog(tests.id('ana at atlas'))$$,
  $$values ('plank', 'duration_based', 2, 'ro', 'Despre plank', 'local', 'video of plank', 'ro', 30), ('squat', 'reps_based', 2, 'ro', 'Despre squat', 'local', 'video of squat', 'ro', 30)$$, 'with its video');
select results_eq($$select (said).severity, (said).text from app_public.exercise_catalog() as shown, unnest(shown.contraindications) as said where shown.slug = 'squat'$$,
  $$values ('absolute', 'Fractură recentă.')$$, 'with its contraindications');
select results_eq($$select (said).kind, (said).text from app_public.exercise_catalog() as shown, unnest(shown.instructions) as said where shown.slug = 'squat'$$,
  $$values ('setup', 'Stați drept.')$$, 'how it is done');
select results_eq($$select (said).kind, (said).slug, (said).name from app_public.exercise_catalog() as shown, unnest(shown.terms) as said where shown.slug = 'squat'$$,
  $$values ('body_region', 'knee', 'Genunchi')$$, 'and what it is ordered by');

-- In the language of the patient.
select tests.act_as('the database');
update app_public.patient_profiles set locale = 'en' where id = tests.id('ana');
select tests.act_as('ana');
select is(tests.catalog(), 'Exercise plank, Exercise squat', 'in English');
select results_eq($$select distinct (said).text, video_language from app_public.exercise_catalog() as shown, unnest(shown.contraindications) as said$$,
  $$values ('A recent fracture.', 'ro')$$, 'warnings too; the video is the one that there is');
select tests.act_as('the database');
insert into app_public.exercise_renders (exercise_id, recipe_hash, language, recipe, source_key, asset_version)
select exercise_id, recipe_hash, 'en', recipe, source_key, 1 from app_public.exercise_renders where exercise_id = tests.id('squat');
select tests.remember('english', id) from app_public.exercise_renders where exercise_id = tests.id('squat') and language = 'en';
select tests.remember('prescribed', (app_private.request_render(tests.id('squat'), '{"sets": 3, "reps": 10, "restSeconds": 30}', 'en')).id);
select tests.act_as('the worker');
select app_private.claim_render(tests.id('prescribed')), app_private.record_render(tests.id('prescribed'), 1, 'local', 'prescribed', 'key', 90);
select tests.act_as('ana');
select results_eq($$select video_id, video_language from app_public.exercise_catalog() where slug = 'squat'$$, $$values ('video of squat', 'ro')$$, 'one that is not there yet is not shown, nor what is made for a prescription');
select tests.act_as('the worker');
select lives_ok($$select app_private.claim_render(tests.id('english'))$$, 'it is made');
select lives_ok($$select app_private.record_render(tests.id('english'), 1, 'local', 'in english', 'key', 31)$$, 'and there');
select tests.act_as('ana');
select results_eq($$select video_id, video_duration_s from app_public.exercise_catalog() where slug = 'squat'$$, $$values ('in english', 31)$$, 'in the language of the patient, where there is one');

-- The most serious first, and none is left out because it is not translated.
select tests.act_as('the database');
insert into app_public.exercise_contraindications (exercise_id, severity, text) values
  (tests.id('squat'), 'caution', '{"ro": "Amețeală.", "en": "Dizziness."}'), (tests.id('squat'), 'relative', '{"ro": "Artroză."}');
select tests.act_as('ana');
select results_eq($$select (said).severity, (said).text from app_public.exercise_catalog() as shown, unnest(shown.contraindications) with ordinality as w (id, severity, text, place), lateral (select (w.id, w.severity, w.text)::app_public.shown_contraindication as said) as one where shown.slug = 'squat' order by w.place$$,
  $$values ('absolute', 'A recent fracture.'), ('relative', 'Artroză.'), ('caution', 'Dizziness.')$$, 'the most serious first, in the other language if need be');

-- By terms: each of them, and a category with what stands below it.
select tests.act_as('the database');
insert into app_public.exercise_tags select tests.id('squat'), id from app_public.exercise_terms where slug in ('lower-body-strength', 'wall');
select tests.act_as('ana');
select is(tests.catalog(terms => '{knee}'), 'Exercise plank, Exercise squat', 'by a region');
select is(tests.catalog(terms => '{strength}'), 'Exercise squat', 'by a category above');
select is(tests.catalog(terms => '{knee,wall}'), 'Exercise squat', 'by all that are asked for');
select is(tests.catalog(terms => '{knee,step}'), null, 'which none has');
select is(tests.catalog(terms => '{wings}'), null, 'nor what is no term');

-- Closed at the next statement.
select tests.freeze_time('2027-03-02 00:00+02');
select * from tests.refuses('select tests.catalog()', 'FORBIDDEN', 'library_closed', 'it ends by itself');
select tests.freeze_time('2027-03-01 23:59+02');
select is(tests.catalog(), 'Exercise plank, Exercise squat', 'and holds until then');
select tests.act_as('flavia');
select lives_ok($$select app_public.revoke_access(tests.id('by hand'))$$, 'it is taken back');
select tests.act_as('ana');
select * from tests.refuses('select tests.catalog()', 'FORBIDDEN', 'library_closed', 'and closed');
select is((select count(*) from app_public.exercises), 2::bigint, 'what is published is still read, without videos');
select is((select count(*) from app_public.exercise_renders), 0::bigint, 'of which none is');

-- Others.
select tests.act_as('the database');
update app_public.organizations set library_access_is_free = true where id = tests.id('atlas');
select tests.act_as('ana');
select is(tests.catalog(), 'Exercise plank, Exercise squat', 'the clinic may open it to all');
select tests.act_as('corina');
select is(tests.catalog('ela'), 'Exercițiul plank, Exercițiul squat', 'who cares for somebody sees it for them');
select is((select count(*) from app_public.exercise_catalog()), 2::bigint, 'without naming them, too');
select * from tests.refuses('select tests.catalog()', 'NOT_FOUND', 'not_found', 'and for nobody else');
select tests.act_as('the database');
select tests.patient('ana', 'boreal');
select tests.act_as('ana', 'boreal');
select * from tests.refuses('select * from app_public.exercise_catalog()', 'FORBIDDEN', 'library_closed', 'what is open at one clinic is not open at another of hers that she names');
select tests.act_as('ana', 'atlas');
select is((select count(*) from app_public.exercise_catalog()), 2::bigint, 'where it is, it is');
select tests.act_as('dan');
select * from tests.refuses('select tests.catalog()', 'NOT_FOUND', 'not_found', 'a patient of another clinic does not see it for somebody here');
select * from tests.refuses('select * from app_public.exercise_catalog()', 'FORBIDDEN', 'library_closed', 'nor for themselves: their clinic is another');
select tests.act_as('vera');
select * from tests.refuses('select * from app_public.exercise_catalog()', 'NOT_FOUND', 'not_found', 'nor does who is nobody''s patient');
select tests.act_as('a visitor');
select throws_ok('select * from app_public.exercise_catalog()', '42501', null, 'nor a visitor');
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('ana at atlas');
select tests.act_as('ana', 'atlas');
select * from tests.refuses('select tests.catalog()', 'NOT_FOUND', 'not_found', 'who left the clinic does not');
select tests.act_as('the database');
select tests.caregiver('ana', 'ela');
select tests.act_as('ana', 'atlas');
select * from tests.refuses('select tests.catalog()', 'NOT_FOUND', 'not_found', 'also where a child of hers stays');
select is(tests.catalog('ela'), 'Exercițiul plank, Exercițiul squat', 'who sees it by her');
select * from finish();
rollback;
