-- All that a version asks for, as it is frozen: what exercises are called, which material shows them, and whom they may harm stand in it,
-- so that nothing which changes in the library afterwards changes what a patient was prescribed. TPL-01, EXE-01.

create or replace function app_private.treatment_snapshot(version app_public.treatment_plan_versions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_agg(jsonb_build_object(
      'position', sessions.position, 'title', sessions.titles, 'place', sessions.place, 'afterDays', sessions.after_days,
      'exercises', coalesce((
        select jsonb_agg(jsonb_build_object(
            'exerciseId', exercises.id, 'slug', exercises.slug, 'assetVersion', exercises.asset_version,
            'names', (select jsonb_object_agg(said.key, said.value -> 'name') from jsonb_each(exercises.translations) as said),
            'prescription', prescribed.prescription,
            'contraindications', coalesce((
              select jsonb_agg(jsonb_build_object('id', harms.id, 'severity', harms.severity, 'text', harms.text)
                order by array_position('{absolute,relative,caution}'::text[], harms.severity), harms.id)
              from app_public.exercise_contraindications as harms
              where harms.exercise_id = exercises.id), '[]'))
          order by prescribed.position)
        from app_public.treatment_plan_exercises as prescribed
        join app_public.exercises on exercises.id = prescribed.exercise_id
        where prescribed.scope_id = sessions.scope_id and prescribed.version_id = sessions.version_id
          and prescribed.session_position = sessions.position), '[]'))
    order by sessions.position)
  from app_public.treatment_plan_sessions as sessions
  where sessions.scope_id = (version).scope_id and sessions.version_id = (version).id;
end;

comment on function app_private.treatment_snapshot is 'What a draft says now, with what the library says of its exercises.';
grant execute on function app_private.treatment_snapshot to app_engine;
