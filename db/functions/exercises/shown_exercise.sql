-- What is shown of an exercise, in one language: never without its contraindications. The catalog shows it so, and so does whatever
-- shows an exercise to a patient. EXL-02, EXL-04.

create or replace function app_private.text_in(texts jsonb, language text) returns text
language sql immutable parallel safe
set search_path = ''
return coalesce(texts ->> language, texts ->> 'ro', texts ->> 'en');

comment on function app_private.text_in is 'A text in a language, or in the other one: a warning that is not translated yet is read all the same.';
grant execute on function app_private.text_in to app_engine;

create or replace function app_private.shown_exercise(exercise app_public.exercises, recipe_hash text, language text)
returns app_public.shown_exercise
language sql stable
set search_path = ''
begin atomic
  select row(
    exercise.id, exercise.slug, exercise.kind, exercise.difficulty, shown_exercise.language,
    exercise.translations -> shown_exercise.language ->> 'name',
    exercise.translations -> shown_exercise.language ->> 'description',
    (select coalesce(array_agg(
        row(term.kind, term.slug, term.names ->> shown_exercise.language)::app_public.shown_exercise_term order by term.kind, term.place, term.slug), '{}')
     from app_public.exercise_tags as tag
     join app_public.exercise_terms as term on term.id = tag.term_id
     where tag.exercise_id = exercise.id),
    (select coalesce(array_agg(
        row(line.kind, line.text ->> shown_exercise.language)::app_public.shown_instruction order by line.position), '{}')
     from app_public.exercise_instructions as line
     where line.exercise_id = exercise.id),
    (select coalesce(array_agg(
        row(warning.id, warning.severity, app_private.text_in(warning.text, shown_exercise.language))::app_public.shown_contraindication
        order by array_position('{absolute,relative,caution}', warning.severity), warning.id), '{}')
     from app_public.exercise_contraindications as warning
     where warning.exercise_id = exercise.id),
    video.id, video.provider, video.video_id, video.object_key, video.language, video.duration_s
  )::app_public.shown_exercise
  from (select) as always
  left join lateral (
    select known.*
    from app_public.exercise_renders as known
    where known.exercise_id = exercise.id and known.recipe_hash = shown_exercise.recipe_hash and known.video_id is not null
    order by known.language = shown_exercise.language desc, known.language desc
    limit 1
  ) as video on true;
end;

comment on function app_private.shown_exercise is
  'An exercise as a patient is shown it, with the video of this recipe in the language, or in the other one.';
grant execute on function app_private.shown_exercise to app_engine;
