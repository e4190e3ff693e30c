-- A superadmin begins an exercise: a draft that nobody else sees. EXL-06.

set role app_engine;

create or replace function app_public.create_exercise(
  slug text,
  kind text,
  difficulty int,
  translations jsonb,
  tracking jsonb default null,
  terms text[] default '{}',
  video_provider text default null
) returns app_public.exercises
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  insert into app_public.exercises (slug, kind, difficulty, translations, tracking, video_provider)
  values (create_exercise.slug, create_exercise.kind, create_exercise.difficulty,
          app_private.require_translations(create_exercise.translations), app_private.require_tracking(create_exercise.tracking),
          create_exercise.video_provider)
  on conflict on constraint exercises_slug_is_unique do nothing
  returning * into v_exercise;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'exercise_slug_taken', jsonb_build_object('slug', create_exercise.slug));
  end if;
  perform app_private.tag_exercise(v_exercise.id, create_exercise.terms);
  return v_exercise;
end;
$$;

comment on function app_public.create_exercise is
  E'@words kind exercises.kind\n'
  '@arg slug The word by which programs know the exercise; never changes.\n'
  'Begins an exercise of the platform, as a draft. Superadmin only. VALIDATION exercise_texts_malformed, exercise_tracking_malformed, '
  'exercise_term_unknown; CONFLICT exercise_slug_taken.';
grant execute on function app_public.create_exercise to app_member;

reset role;
