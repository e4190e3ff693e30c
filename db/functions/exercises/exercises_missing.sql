-- What an exercise lacks to be published: the one list that the page shows and that publishing asks. EXL-06.

set role app_engine;

create or replace function app_public.exercises_missing(exercise app_public.exercises) returns text[]
language sql stable security definer
set search_path = ''
as $$
  with contraindications as (
    select count(*) as said, count(*) filter (where app_private.in_both_languages(known.text)) as translated, count(known.reviewed_at) as reviewed
    from app_public.exercise_contraindications as known
    where known.exercise_id = (exercise).id
  ),
  instructions as (
    select count(*) as said, count(*) filter (where app_private.in_both_languages(known.text)) as translated
    from app_public.exercise_instructions as known
    where known.exercise_id = (exercise).id
  )
  select array_remove(array[
    case when not app_private.in_both_languages((exercise).translations) then 'name_in_both_languages' end,
    case when instructions.said = 0 then 'instructions' end,
    case when instructions.said > instructions.translated then 'instructions_in_both_languages' end,
    case when contraindications.said = 0 then 'contraindications' end,
    case when contraindications.said > contraindications.translated then 'contraindications_in_both_languages' end,
    case when contraindications.said > contraindications.reviewed then 'review_of_contraindications' end,
    case when not exists (
      select from app_public.exercise_renders as video
      where video.exercise_id = (exercise).id and video.id = (exercise).catalog_render_id and video.video_id is not null
    ) then 'catalog_render' end
  ], null)
  from contraindications, instructions
$$;

comment on function app_public.exercises_missing is
  'What it lacks to be published: name_in_both_languages, instructions, instructions_in_both_languages, contraindications, '
  'contraindications_in_both_languages, review_of_contraindications, catalog_render.';
grant execute on function app_public.exercises_missing to app_member, app_engine;

reset role;

-- Somebody may read it while it is written: a change takes nothing away that publishing asked for. What is added to the
-- contraindications is shown before it is reviewed, since a warning more is safe.
create or replace function app_private.require_still_complete(exercise app_public.exercises) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_missing constant text[] := array_remove(app_public.exercises_missing(exercise), 'review_of_contraindications');
begin
  if exercise.status = 'published' and v_missing <> '{}' then
    perform app_hidden.refuse('STATE', 'exercise_incomplete', jsonb_build_object('missing', v_missing));
  end if;
end;
$$;

comment on function app_private.require_still_complete is
  'STATE exercise_incomplete for a published exercise that would lack something.';
grant execute on function app_private.require_still_complete to app_engine;
