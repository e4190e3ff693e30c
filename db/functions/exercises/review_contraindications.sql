-- Somebody read what is said of whom an exercise may harm, and stands by it. EXL-06.

set role app_engine;

create or replace function app_public.review_contraindications(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
begin
  update app_public.exercise_contraindications
  set reviewed_at = app_hidden.now(), reviewed_by = app_private.current_actor_id()
  where exercise_contraindications.exercise_id = v_exercise.id and exercise_contraindications.reviewed_at is null;
  return v_exercise;
end;
$$;

comment on function app_public.review_contraindications is
  'Says that the contraindications of an exercise are right as they stand; those that were reviewed before keep their review. Superadmin only.';
grant execute on function app_public.review_contraindications to app_member;

reset role;
