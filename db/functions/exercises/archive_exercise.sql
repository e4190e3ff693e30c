-- An exercise is not offered any more. Plans that have it go on with it, so whoever archives it is told that there are such. EXL-06.

set role app_engine;

create or replace function app_public.archive_exercise(exercise_id uuid, although_in_use boolean default false) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_plans constant int := app_private.active_plans_with_exercise(v_exercise.id);
begin
  if v_plans > 0 and not although_in_use then
    perform app_hidden.refuse('CONFLICT', 'exercise_in_use', jsonb_build_object('count', v_plans));
  end if;
  update app_public.exercises set status = 'archived' where exercises.id = v_exercise.id returning * into v_exercise;
  perform app_private.publish('exercise.archived', null, v_exercise.id,
    jsonb_build_object('slug', v_exercise.slug, 'inActivePlans', v_plans));
  return v_exercise;
end;
$$;

comment on function app_public.archive_exercise is
  E'@arg althoughInUse Whether it is archived although patients have it in plans that go on.\n'
  'Takes an exercise out of the catalog; plans that have it keep it. Superadmin only. CONFLICT exercise_in_use with the count of active plans.';
grant execute on function app_public.archive_exercise to app_member;

reset role;
