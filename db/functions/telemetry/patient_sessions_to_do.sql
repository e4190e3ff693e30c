-- What the page of a session shows and the camera follows, exercise by exercise: for whoever sees the session. What the library has
-- archived meanwhile is still done by those it was prescribed to. EXE-01, EXE-05.

create or replace function app_private.recipe_to_show(exercise app_public.exercises, prescription jsonb) returns text
language sql stable
set search_path = ''
begin atomic
  select known.recipe_hash
  from app_public.exercise_renders as known
  where known.exercise_id = (exercise).id
    and known.video_id is not null
    and (known.recipe_hash in ('_imported', app_private.recipe_hash(recipe_to_show.prescription)) or known.id = (exercise).catalog_render_id)
  order by known.id is distinct from (exercise).catalog_render_id desc, known.recipe_hash
  limit 1;
end;

comment on function app_private.recipe_to_show is
  'Which video of an exercise is shown for a prescription: its own or the imported one, else the catalog''s; null without any.';
grant execute on function app_private.recipe_to_show to app_engine;

set role app_engine;

create or replace function app_public.patient_sessions_to_do(session app_public.patient_sessions) returns app_public.exercise_to_do[]
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(
    row(asked.place::int, asked.value -> 'prescription', exercises.tracking,
      app_private.shown_exercise(
        exercises, app_private.recipe_to_show(exercises, asked.value -> 'prescription'), profiles.locale))::app_public.exercise_to_do
    order by asked.place), '{}')
  from app_public.patient_sessions as sessions
  join app_public.patient_profiles as profiles on profiles.id = sessions.patient_profile_id
  cross join lateral jsonb_array_elements(app_public.patient_sessions_exercises(sessions)) with ordinality as asked (value, place)
  join app_public.exercises on exercises.id = (asked.value ->> 'exerciseId')::uuid
  where sessions.id = (session).id
    and (sessions.organization_id = any (app_hidden.organization_ids_where('treatment_plans.view'))
         or (sessions.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and sessions.organization_id = any (app_hidden.current_patient_organization_ids())));
end;

comment on function app_public.patient_sessions_to_do is
  'Its exercises in order, as its page needs them: what was prescribed, what the camera follows, and how each is shown.';
grant execute on function app_public.patient_sessions_to_do to app_member;

reset role;
