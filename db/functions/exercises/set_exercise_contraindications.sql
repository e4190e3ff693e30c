-- For whom an exercise is not, all of it. What says the same as before stays as it was reviewed; what is worded otherwise is another
-- one, since its id is made of its words. While the exercise is published none goes: it is reopened first. EXL-02, EXL-06.

set role app_engine;

create or replace function app_public.set_exercise_contraindications(exercise_id uuid, contraindications jsonb) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_lines constant jsonb := app_private.require_lines('contraindications', contraindications, 'severity', '{caution,relative,absolute}');
begin
  delete from app_public.exercise_contraindications as known
  where known.exercise_id = v_exercise.id
    and not exists (
      select from jsonb_array_elements(v_lines) as given (line)
      where given.line ->> 'severity' = known.severity and given.line -> 'text' = known.text);
  if found and v_exercise.status = 'published' then
    perform app_hidden.refuse('STATE', 'contraindication_is_published');
  end if;
  insert into app_public.exercise_contraindications (exercise_id, severity, text)
  select v_exercise.id, given.line ->> 'severity', given.line -> 'text'
  from jsonb_array_elements(v_lines) as given (line)
  on conflict on constraint exercise_contraindications_pkey do nothing;
  perform app_private.require_still_complete(v_exercise);
  return v_exercise;
end;
$$;

comment on function app_public.set_exercise_contraindications is
  E'@arg contraindications All of them: [{"severity": "absolute", "text": {"ro": "…", "en": "…"}}]; severity is caution, relative or '
  'absolute.\nSets for whom an exercise is not; what is new is to be reviewed. Superadmin only. STATE contraindication_is_published where '
  'one of a published exercise would go or change: reopenExercise first.';
grant execute on function app_public.set_exercise_contraindications to app_member;

reset role;
