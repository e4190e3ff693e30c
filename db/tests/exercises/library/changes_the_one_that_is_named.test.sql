-- Test: the library - each verb changes the exercise that is named, and of it what is to be changed: no other one, no line that says the same. EXL-02, EXL-06.
begin;
select plan(38);
select tests.person('root', superadmin => true), tests.person('rita', superadmin => true);
select tests.remember('squat', tests.exercise('squat')), tests.remember('lunge', tests.exercise('lunge')), tests.remember('bridge', tests.published_exercise('bridge')), tests.remember('plank', tests.published_exercise('plank', 'duration_based'));
insert into app_public.exercise_instructions (exercise_id, position, kind, text) select tests.id('lunge'), n, 'step', '{"ro": "Un pas."}' from generate_series(2, 4) n;
insert into app_public.exercise_tags select tests.id('lunge'), id from app_public.exercise_terms where slug = 'wall';
insert into app_public.exercise_contraindications (exercise_id, severity, text) values (tests.id('lunge'), 'caution', '{"ro": "Amețeală."}'), (tests.id('squat'), 'caution', '{"ro": "Amețeală.", "en": "Dizziness."}');
-- All that is known of the others, and where the rows of a table lie.
create function pg_temp.others() returns text language sql security definer as $$
  select md5(concat_ws(' ', (select string_agg(to_jsonb(e)::text, ' ' order by e.id) from app_public.exercises e where e.slug <> 'squat'), string_agg(of_it, ' ' order by of_it)))
  from (
    select to_jsonb(i)::text from app_public.exercise_instructions i where i.exercise_id <> tests.id('squat')
    union all select to_jsonb(c)::text from app_public.exercise_contraindications c where c.exercise_id <> tests.id('squat')
    union all select to_jsonb(t)::text from app_public.exercise_tags t where t.exercise_id <> tests.id('squat')
    union all select to_jsonb(r)::text from app_public.exercise_renders r where r.exercise_id <> tests.id('squat')
  ) as rows (of_it)
$$;
create table pg_temp.before as select pg_temp.others() as others;
create function pg_temp.goes(call text, description text) returns setof text language plpgsql as $$
begin
  perform tests.act_as('root');
  return next lives_ok(call, description);
  perform tests.act_as('the database');
  return next is(pg_temp.others(), (select others from pg_temp.before), '… and no other exercise is touched');
end $$;
create function pg_temp.untouched(call text, name text, description text) returns text language plpgsql as $$
declare
  v_before text := tests.rows_of(name);
begin
  perform tests.act_as('root');
  execute call;
  perform tests.act_as('the database');
  return is(tests.rows_of(name), v_before, description);
end $$;

-- What another one lacks is not lacking here.
select tests.act_as('root');
select is(app_public.exercises_missing(e), '{review_of_contraindications}', 'it lacks a review, as the other one does a translation')
from app_public.exercises e where e.id = tests.id('squat');

-- Instructions.
select pg_temp.goes($$select app_public.set_exercise_instructions(tests.id('squat'), '[{"kind": "setup", "text": {"ro": "Stați drept.", "en": "Stand up straight."}}, {"kind": "step", "text": {"ro": "Coborâți.", "en": "Go down."}}, {"kind": "end", "text": {"ro": "Gata.", "en": "Done."}}]')$$, 'three instructions');
select pg_temp.untouched($$select app_public.set_exercise_instructions(tests.id('squat'), '[{"kind": "setup", "text": {"ro": "Stați drept.", "en": "Stand up straight."}}, {"kind": "step", "text": {"ro": "Coborâți.", "en": "Go down."}}, {"kind": "end", "text": {"ro": "Gata.", "en": "Done."}}]')$$,
  'app_public.exercise_instructions', 'the same again writes no line');
select pg_temp.goes($$select app_public.set_exercise_instructions(tests.id('squat'), '[{"kind": "setup", "text": {"ro": "Stați drept.", "en": "Stand up straight."}}, {"kind": "step", "text": {"ro": "Coborâți încet.", "en": "Go down slowly."}}]')$$, 'one is worded otherwise, one goes');
select results_eq($$select position, text ->> 'en' from app_public.exercise_instructions where exercise_id = tests.id('squat') order by 1$$, $$values (1, 'Stand up straight.'), (2, 'Go down slowly.')$$, 'and the rest stays in order');

-- Terms.
select pg_temp.goes($$select app_public.edit_exercise(tests.id('squat'), 3, '{"ro": {"name": "Genuflexiune", "description": "Pe loc."}, "en": {"name": "Squat", "description": "On the spot."}}', terms => '{knee,hip}')$$, 'it is edited');
select pg_temp.untouched($$select app_public.edit_exercise(tests.id('squat'), 3, '{"ro": {"name": "Genuflexiune", "description": "Pe loc."}, "en": {"name": "Squat", "description": "On the spot."}}', terms => '{hip,knee}')$$,
  'app_public.exercise_tags', 'the same terms again write none');
select pg_temp.goes($$select app_public.edit_exercise(tests.id('squat'), 3, '{"ro": {"name": "Genuflexiune", "description": "Pe loc."}, "en": {"name": "Squat", "description": "On the spot."}}', terms => '{knee}')$$, 'one term goes');
select results_eq($$select t.slug from app_public.exercise_tags x join app_public.exercise_terms t on t.id = x.term_id where x.exercise_id = tests.id('squat')$$, $$values ('knee')$$, 'the other one stays');

-- Contraindications, and their review.
select pg_temp.goes($$select app_public.review_contraindications(tests.id('squat'))$$, 'its contraindications are reviewed');
select results_eq($$select reviewed_by, count(*) from app_public.exercise_contraindications where exercise_id = tests.id('squat') group by 1 order by 1$$,
  $$values ('00000000-0000-4000-8000-000000000001'::uuid, 1::bigint), (tests.id('root'), 1)$$, 'what was reviewed before keeps its review');
select pg_temp.goes($$select app_public.set_exercise_contraindications(tests.id('squat'), '[{"severity": "absolute", "text": {"ro": "Fractură recentă.", "en": "A recent fracture."}}]')$$, 'one contraindication goes');
select is((select string_agg(severity, ' ') from app_public.exercise_contraindications where exercise_id = tests.id('squat')), 'absolute', 'and one is left');

-- From a draft to the archive and back.
select pg_temp.goes($$select app_public.publish_exercise(tests.id('squat'))$$, 'it is published');
select pg_temp.goes($$select app_public.archive_exercise(tests.id('squat'))$$, 'archived');
select pg_temp.goes($$select app_public.reopen_exercise(tests.id('squat'))$$, 'reopened');
select is((select status from app_public.exercises where slug = 'squat'), 'draft', 'and a draft again');

-- Its material and its videos.
select pg_temp.goes($$select app_public.bump_exercise_asset_version(tests.id('squat'))$$, 'its material is new');
select is((select string_agg(distinct (recipe_hash = '_imported')::text, ' ') from app_public.exercise_renders where exercise_id = tests.id('squat')), 'false', 'which imports nothing for it');
select is((select count(*) from app_private.events where name = 'exercise.asset_changed' and subject_id = tests.id('squat')), 1::bigint, 'it is told of');
select tests.act_as('the database');
select tests.remember('video', (select id from app_public.exercise_renders where exercise_id = tests.id('squat') and language = 'en')),
  tests.remember('beside', (select id from app_public.exercise_renders where exercise_id = tests.id('squat') and language = 'ro' and asset_version = 2));
select tests.act_as('the worker');
select app_private.claim_render(tests.id('beside'));
select lives_ok($$select app_private.claim_render(tests.id('video'))$$, 'the worker makes two of its videos');
select lives_ok($$select app_private.record_render_progress(tests.id('video'), 2, 70)$$, 'says how far it is');
select is(app_private.record_render_failed(tests.id('video'), 1, 'ffmpeg ended with 1'), false, 'what failed of the old material is no failure of the new');
select is(app_private.record_render_failed(tests.id('video'), 2, 'ffmpeg ended with 1'), true, 'of the new it is');
select is(app_private.record_exercise_collection(tests.id('squat'), 'c1'), 'c1', 'and keeps its collection at the vendor');
select tests.act_as('the database');
select is(pg_temp.others(), (select others from pg_temp.before), '… and no other exercise is touched');
select results_eq($$select status, progress from app_public.exercise_renders where id in (tests.id('video'), tests.id('beside')) order by id = tests.id('beside')$$, $$values ('failed', 70), ('rendering', 0)$$, 'of two videos the one that is named');
select is((select string_agg(distinct subject_id::text, ' ') from app_private.events where name = 'exercise.render_failed'), tests.id('squat')::text, 'the failure is told of it alone');
select * from finish();
rollback;
